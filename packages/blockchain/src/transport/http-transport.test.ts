import { once } from 'node:events';
import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { inspect } from 'node:util';

import type { HttpRequest } from '@canza/core';
import { afterEach, expect, it } from 'vitest';

import { createHttpTransport, type HttpTransport, type HttpTransportOptions } from './http-transport.ts';

const TOKEN = 'AG-7XKQ2M9PL4WD8RT';
const closers: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

function transportWith(options: HttpTransportOptions = {}): HttpTransport {
  const transport = createHttpTransport({ timeoutMs: 5000, ...options });
  closers.push(() => transport.close());
  return transport;
}

async function serve(server: Server): Promise<{ readonly origin: string; readonly sockets: readonly Socket[] }> {
  const sockets: Socket[] = [];
  server.on('connection', (socket: Socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closers.push(async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, 'close');
  });
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, sockets };
}
const serveHttp = (listener: RequestListener) => serve(createHttpServer(listener));
const serveTcp = (listener: (socket: Socket) => void) => serve(createTcpServer(listener));

const get = (origin: string): HttpRequest => ({
  method: 'GET',
  url: `${origin}/v1/transactions/by_hash/0x12`,
  headers: { authorization: `Bearer ${TOKEN}` },
});

async function failureOf(reply: Promise<unknown>): Promise<unknown> {
  const error: unknown = await reply.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(inspect(error, { depth: 9, showHidden: true }) + JSON.stringify(error)).not.toContain(TOKEN);
  return error;
}

it('puts text and bytes on the wire as they are, and hands any status back with its headers', async () => {
  const received: [string | undefined, Buffer][] = [];
  const { origin, sockets } = await serveHttp((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      received.push([request.url, Buffer.concat(chunks)]);
      response.writeHead(502, { 'X-Aptos-Chain-Id': '4', 'content-type': 'text/html' }).end('<html>');
    });
  });
  const transport = transportWith();
  const bytes = Uint8Array.from({ length: 256 }, (_, byte) => byte);
  const headers = { 'content-type': 'application/x.aptos.signed_transaction+bcs' };
  const reply = await transport({ method: 'POST', url: `${origin}/v1/transactions?x=%3C`, headers, bytes });
  expect(reply).toMatchObject({ status: 502, headers: { 'x-aptos-chain-id': '4' }, body: '<html>' });
  await transport({ method: 'POST', url: `${origin}/v1/view`, headers: {}, body: '{"ũ":1}' });
  expect(received.map(([url]) => url)).toEqual(['/v1/transactions?x=%3C', '/v1/view']);
  expect(received[0]?.[1].equals(bytes)).toBe(true);
  expect(received[1]?.[1].toString()).toBe('{"ũ":1}');
  expect(sockets.length).toBeLessThanOrEqual(2);
});

it('knows that nothing was sent where no connection was made', async () => {
  const { origin } = await serveTcp(() => undefined);
  await closers.pop()?.();
  expect(await failureOf(transportWith()(get(origin)))).toMatchObject({ failure: 'not-connected', moneyMoved: 'no' });
  const aborted = transportWith()(get(origin), { signal: AbortSignal.abort() });
  expect(await failureOf(aborted)).toMatchObject({ failure: 'not-connected' });
  expect(await failureOf(transportWith()(get('nowhere')))).toMatchObject({ code: 'TRANSPORT' });
});

it('ends at its deadline when a node never answers, or stops within an answer', async () => {
  const silent = await serveTcp(() => undefined);
  expect(await failureOf(transportWith()(get(silent.origin), { timeoutMs: 60 }))).toMatchObject({ failure: 'timeout' });
  const halfway = await serveTcp((socket) =>
    socket.once('data', () => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"ha')),
  );
  expect(await failureOf(transportWith()(get(halfway.origin), { timeoutMs: 60 }))).toMatchObject({
    failure: 'timeout',
    moneyMoved: 'maybe',
  });
});

it('ends at once when it is called off, and closes the connection', async () => {
  const caller = new AbortController();
  const { origin, sockets } = await serveTcp((socket) => socket.once('data', () => caller.abort()));
  expect(await failureOf(transportWith()(get(origin), { signal: caller.signal }))).toMatchObject({
    failure: 'aborted',
  });
  await once(sockets[0] as Socket, 'close');
});

it('leaves it open whether a node got what it sent when the connection breaks', async () => {
  const { origin } = await serveTcp((socket) => socket.once('data', () => socket.resetAndDestroy()));
  const request: HttpRequest = { ...get(origin), method: 'POST', bytes: Uint8Array.of(1) };
  expect(await failureOf(transportWith()(request))).toMatchObject({ failure: 'connection-lost', moneyMoved: 'maybe' });
});

it('reads no more of a reply than it was told', async () => {
  const { origin } = await serveHttp((_request, response) => response.end('x'.repeat(5000)));
  expect(await failureOf(transportWith({ maxReplyBytes: 1000 })(get(origin)))).toMatchObject({
    failure: 'reply-too-large',
  });
});

it('follows no redirect', async () => {
  const { origin } = await serveHttp((_request, response) =>
    response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(),
  );
  expect(await transportWith()(get(origin))).toMatchObject({ status: 302 });
});
