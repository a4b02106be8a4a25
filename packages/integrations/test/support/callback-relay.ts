import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

/** Takes callbacks for a service that is not there yet, and hands them over once it is: how long that takes is the machine's affair. */
export interface CallbackRelay {
  readonly baseUrl: string;
  /** From now on what came, and what comes, is handed to this port, again and again until somebody listens there. */
  openTo(port: number): void;
  close(): Promise<void>;
}

export async function startCallbackRelay(): Promise<CallbackRelay> {
  const closing = new AbortController();
  const { promise: opened, resolve: open } = Promise.withResolvers<number>();
  const underWay = new Set<Promise<void>>();

  const relay = async (incoming: IncomingMessage): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const port = await opened;
    while (!closing.signal.aborted) {
      try {
        await fetch(`http://127.0.0.1:${port}${incoming.url}`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: Buffer.concat(chunks),
          signal: closing.signal,
        });
        return;
      } catch {
        await wait(20, undefined, { signal: closing.signal }).catch(() => undefined);
      }
    }
  };
  const server = createServer((incoming, outgoing) => {
    const work = relay(incoming).finally(() => void outgoing.end('{"ResultCode":0,"ResultDesc":"Accepted"}'));
    underWay.add(work);
    void work.finally(() => underWay.delete(work));
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    baseUrl: `http://127.0.0.1:${port}/callbacks`,
    openTo: open,
    async close() {
      closing.abort();
      open(0);
      await Promise.allSettled(underWay);
      server.closeAllConnections();
      await new Promise((resolve) => void server.close(resolve));
    },
  };
}
