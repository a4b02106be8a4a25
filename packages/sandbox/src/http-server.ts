import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import type { HttpRequest, HttpResponse } from '@canza/core';

import { CONTROL_PATH } from './control/control.ts';
import type { WireOutcome } from './wire.ts';

/** What a server answers with, and where it listens. */
export interface HttpServerOptions {
  /** What answers; an emulator's `exchange` will do. */
  readonly exchange: (request: HttpRequest) => Promise<WireOutcome>;
  /** Answers what comes in below `/__sandbox`, where the emulator is steered from outside. */
  readonly control?: ((request: HttpRequest) => Promise<HttpResponse>) | undefined;
  /** 0, the default, takes a free one. */
  readonly port?: number | undefined;
  /** Address to listen on; this machine alone unless said otherwise. */
  readonly host?: string | undefined;
  /** Largest request body in bytes; a larger one is answered 413. Default 1 MiB. */
  readonly largestBodyBytes?: number | undefined;
  /** The answer to a larger one; 413 without a body unless said otherwise. */
  readonly tooLarge?: HttpResponse | undefined;
}

/** A server on loopback HTTP. */
export interface HttpServer {
  /** `http://127.0.0.1:41234`, without a slash at the end. */
  readonly baseUrl: string;
  readonly port: number;
  /** Stops listening and breaks every connection. */
  close(): Promise<void>;
}

const DEFAULT_LARGEST_BODY_BYTES = 1024 * 1024;

/**
 * Puts an emulator on a socket. Connections are kept alive; a lost request or reply is a broken connection, a silence one
 * that stays open until the caller gives up.
 */
export async function startHttpServer({
  exchange,
  control,
  port = 0,
  host = '127.0.0.1',
  largestBodyBytes = DEFAULT_LARGEST_BODY_BYTES,
  tooLarge = { status: 413, headers: {}, body: '' },
}: HttpServerOptions): Promise<HttpServer> {
  let baseUrl = '';
  const answer = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const body = await readBody(incoming, largestBodyBytes);
    if (body === undefined) {
      writeReply(outgoing, { ...tooLarge, headers: { ...tooLarge.headers, connection: 'close' } });
      return;
    }
    const request = toRequest(incoming, baseUrl, body);
    if (control !== undefined && isControlPath(incoming.url ?? '')) {
      writeReply(outgoing, await control(request));
      return;
    }
    const outcome = await exchange(request);
    if (outcome.kind === 'reply') writeReply(outgoing, outcome.response);
    else if (outcome.kind !== 'silence') incoming.socket.destroy();
  };
  const server = createServer((incoming, outgoing) => {
    answer(incoming, outgoing).catch(() => incoming.socket.destroy());
  });
  // Operators keep idle connections longer than the five seconds that Node does.
  server.keepAliveTimeout = 60_000;
  await listen(server, port, host);
  const address = server.address() as AddressInfo;
  baseUrl = `http://${host.includes(':') ? `[${host}]` : host}:${address.port}`;
  return {
    baseUrl,
    port: address.port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Whether a request line's target is the control address or lies below it. */
const isControlPath = (target: string): boolean =>
  target.startsWith(CONTROL_PATH) && ['', '/', '?'].includes(target.charAt(CONTROL_PATH.length));

const listen = (server: Server, port: number, host: string): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });

/** The body; `undefined` when it is larger than allowed. */
async function readBody(incoming: IncomingMessage, largestBytes: number): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > largestBytes) return undefined;
    chunks.push(chunk);
  }
  return chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks);
}

/** What is sent under these content types is no text. */
const isBinary = (contentType: string): boolean => /[+/-](?:bcs|octet-stream)\b/i.test(contentType);

function toRequest(incoming: IncomingMessage, baseUrl: string, body: Buffer): HttpRequest {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return {
    method: incoming.method as HttpRequest['method'],
    url: new URL(incoming.url ?? '/', baseUrl).href,
    headers,
    ...(body.length === 0 ? {} : isBinary(headers['content-type'] ?? '') ? { bytes: body } : { body: body.toString() }),
  };
}

function writeReply(outgoing: ServerResponse, { status, headers, body, bytes }: HttpResponse): void {
  const length = bytes?.length ?? Buffer.byteLength(body);
  outgoing.writeHead(status, { ...headers, 'content-length': String(length) }).end(bytes ?? body);
}
