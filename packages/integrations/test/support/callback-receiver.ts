import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

import type { IncomingCallback } from '@canza/core';

/** A web server that keeps what arrives, by path. */
export interface CallbackReceiver {
  readonly baseUrl: string;
  received(path: string): readonly IncomingCallback[];
  /** At a path, or one segment below it, which a provider may append. */
  receivedUnder(path: string): readonly IncomingCallback[];
  close(): Promise<void>;
}

export async function startCallbackReceiver(): Promise<CallbackReceiver> {
  const kept = new Map<string, IncomingCallback[]>();
  const keep = async (incoming: IncomingMessage): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const path = incoming.url ?? '/';
    const headers = Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]);
    const callback = {
      method: incoming.method ?? 'POST',
      headers: Object.fromEntries(headers) as Record<string, string>,
      body: Buffer.concat(chunks).toString('utf8'),
    };
    kept.set(path, [...(kept.get(path) ?? []), callback]);
  };
  const server = createServer((incoming, outgoing) => {
    keep(incoming).then(
      () => outgoing.end('{"ResultCode":0,"ResultDesc":"Accepted"}'),
      () => outgoing.destroy(),
    );
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    baseUrl: `http://127.0.0.1:${port}`,
    received: (path) => kept.get(path) ?? [],
    receivedUnder: (path) =>
      [...kept].flatMap(([at, callbacks]) => {
        if (at === path) return callbacks;
        if (!at.startsWith(`${path}/`)) return [];
        return callbacks.map((callback) => ({ ...callback, suffix: at.slice(path.length + 1) }));
      }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
