import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A merchant's receiver of callbacks, on a socket. */
export interface Receiver {
  readonly url: string;
  /** Body of the first callback. */
  readonly first: Promise<string>;
  readonly close: () => void;
}

export async function startReceiver(): Promise<Receiver> {
  let take: (body: string) => void;
  const first = new Promise<string>((resolve) => {
    take = resolve;
  });
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString('utf8');
    });
    request.on('end', () => {
      response.end('{"ResultCode":0}');
      take(body);
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/callbacks/1`,
    first,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
