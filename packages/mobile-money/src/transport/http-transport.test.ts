import { once } from 'node:events';
import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { inspect } from 'node:util';

import { type HttpRequest, TransportError } from '@canza/core';
import axios from 'axios';
import { afterEach, expect, test } from 'vitest';

import { Exchange } from './exchange.ts';
import { createHttpTransport, type HttpTransport, type HttpTransportOptions } from './http-transport.ts';

const TOKEN = 'c9SQxWWhmdVRlyh0zh8gZDTkubVF';
const MSISDN = '254708374149';
const closers: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

function transportWith(options: HttpTransportOptions = {}): HttpTransport {
  const transport = createHttpTransport({ timeoutMs: 2000, ...options });
  closers.push(() => transport.close());
  return transport;
}

/** Serves on a free port and counts connections and requests. */
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

const push = (origin: string): HttpRequest => ({
  method: 'POST',
  url: `${origin}/mpesa/stkpush/v1/processrequest?payer=${MSISDN}`,
  headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
  body: JSON.stringify({ PhoneNumber: MSISDN, Password: TOKEN }),
});

async function failureOf(reply: Promise<unknown>): Promise<TransportError> {
  const error: unknown = await reply.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof TransportError)) throw new Error(`Not a TransportError: ${inspect(error)}`);
  for (const text of [inspect(error, { depth: 10, showHidden: true }), JSON.stringify(error), error.stack ?? '']) {
    expect(text).not.toContain(TOKEN);
    expect(text).not.toContain(MSISDN);
    expect(text).not.toContain('stkpush');
  }
  return error;
}

test('puts the request on the wire as it was given, and hands back status, headers and body as they came', async () => {
  const seen: unknown[] = [];
  const { origin } = await serveHttp((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method, url, headers } = request;
      seen.push({ method, url, headers, body: Buffer.concat(chunks).toString() });
      response.writeHead(200, { 'Content-Type': 'application/json', 'X-Two': ['a', 'b'] });
      response.end('{"amount":1.00,"name":"Wanjikũ"}');
    });
  });
  const request = push(origin);
  const reply = await transportWith()(request);
  expect(reply).toMatchObject({
    status: 200,
    headers: { 'content-type': 'application/json', 'x-two': 'a, b' },
    body: '{"amount":1.00,"name":"Wanjikũ"}',
  });
  expect(seen).toEqual([
    {
      method: 'POST',
      url: `/mpesa/stkpush/v1/processrequest?payer=${MSISDN}`,
      headers: {
        host: origin.slice('http://'.length),
        connection: 'keep-alive',
        'content-length': String(Buffer.byteLength(request.body ?? '')),
        ...request.headers,
      },
      body: request.body,
    },
  ]);
});

test('puts bytes on the wire that are no text', async () => {
  const bytes = Uint8Array.from([0, 0xff, 0xfe, 0x80, 0x0a, 0xc3]);
  const chunks: Buffer[] = [];
  const { origin } = await serveHttp((request, response) => {
    request.on('data', (chunk: Buffer) => void chunks.push(chunk)).on('end', () => response.end('{}'));
  });
  const headers = { 'content-type': 'application/octet-stream' };
  // A view into a larger buffer: what lies beside it is not sent.
  const view = Uint8Array.from([1, ...bytes, 2]).subarray(1, -1);
  await transportWith()({ method: 'POST', url: origin, headers, bytes: view });
  expect(Buffer.concat(chunks)).toEqual(Buffer.from(bytes));
});

test('adds no content type to a request without a body', async () => {
  let headers: unknown;
  const { origin } = await serveHttp((request, response) => {
    headers = request.headers;
    response.end('');
  });
  await transportWith()({ method: 'POST', url: `${origin}/`, headers: {} });
  expect(headers).toEqual({ host: origin.slice('http://'.length), connection: 'keep-alive', 'content-length': '0' });
});

test.each([301, 400, 404, 429, 500, 503])('resolves a %i as the answer it is', async (status) => {
  const { origin } = await serveHttp((_request, response) => {
    response.writeHead(status, { 'content-type': 'text/html', location: 'http://127.0.0.1:1/' });
    response.end('<html>Incapsula</html>');
  });
  const reply = await transportWith()(push(origin));
  expect(reply).toMatchObject({ status, body: '<html>Incapsula</html>' });
});

test('says that nothing left when the port refuses', async () => {
  const { origin } = await serveTcp(() => undefined);
  await closers.pop()?.();
  const error = await failureOf(transportWith()(push(origin)));
  expect(error).toMatchObject({ failure: 'not-connected', moneyMoved: 'no', cause: { code: 'ECONNREFUSED' } });
});

test('says that nothing left when the name does not resolve', async () => {
  const error = await failureOf(transportWith()(push('http://no-such-host.invalid')));
  expect(error).toMatchObject({ failure: 'not-connected', moneyMoved: 'no' });
});

test('says that nothing left when the TLS handshake fails', async () => {
  const { origin, sockets } = await serveTcp((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
  const error = await failureOf(transportWith()(push(origin.replace('http:', 'https:'))));
  expect(error).toMatchObject({ failure: 'not-connected', moneyMoved: 'no' });
  expect(sockets.length).toBeGreaterThan(0);
});

test('says that nothing left when the TLS handshake never ends', async () => {
  const { origin } = await serveTcp(() => undefined);
  const error = await failureOf(
    transportWith({ connectTimeoutMs: 50, timeoutMs: 4000 })(push(origin.replace('http:', 'https:'))),
  );
  expect(error).toMatchObject({ failure: 'not-connected', moneyMoved: 'no' });
});

test('does not know whether money moved when the server hangs', async () => {
  const { origin } = await serveTcp(() => undefined);
  const error = await failureOf(transportWith()(push(origin), { timeoutMs: 400 }));
  expect(error).toMatchObject({ failure: 'timeout', moneyMoved: 'maybe' });
});

test('does not know whether money moved when the reply stops half-way', async () => {
  const { origin } = await serveTcp((socket) =>
    socket.once('data', () => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"Resp')),
  );
  const error = await failureOf(transportWith()(push(origin), { timeoutMs: 400 }));
  expect(error).toMatchObject({ failure: 'timeout', moneyMoved: 'maybe' });
});

test('does not know whether money moved when the connection is cut in the middle of the reply', async () => {
  const { origin } = await serveTcp((socket) =>
    socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"Resp')),
  );
  const error = await failureOf(transportWith()(push(origin)));
  expect(error).toMatchObject({ failure: 'connection-lost', moneyMoved: 'maybe' });
});

test('does not know whether money moved when the connection is reset before a reply', async () => {
  const { origin, sockets } = await serveTcp((socket) => socket.once('data', () => socket.resetAndDestroy()));
  const error = await failureOf(transportWith()(push(origin)));
  expect(error).toMatchObject({ failure: 'connection-lost', moneyMoved: 'maybe' });
  expect(sockets).toHaveLength(1);
});

test('does not know whether money moved when what comes back is not HTTP', async () => {
  const { origin } = await serveTcp((socket) => socket.once('data', () => socket.end('SSH-2.0-OpenSSH_9.2\r\n')));
  const error = await failureOf(transportWith()(push(origin)));
  expect(error).toMatchObject({ failure: 'connection-lost', moneyMoved: 'maybe' });
});

test('keeps a connection for the next request', async () => {
  const { origin, sockets } = await serveHttp((_request, response) => response.end('{}'));
  const transport = transportWith({ connectionsPerHost: 1 });
  for (let round = 0; round < 20; round++) await transport(push(origin));
  expect(sockets).toHaveLength(1);
});

test('never sends again when a kept connection turns out to be closed', async () => {
  let requests = 0;
  const { origin } = await serveTcp((socket) => {
    let onThisConnection = 0;
    socket.on('data', () => {
      requests += 1;
      onThisConnection += 1;
      if (onThisConnection === 1) socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}');
      else socket.destroy();
    });
  });
  const transport = transportWith({ connectionsPerHost: 1 });
  await transport(push(origin));
  const error = await failureOf(transport(push(origin)));
  expect(error).toMatchObject({ failure: 'connection-lost', moneyMoved: 'maybe' });
  expect(requests).toBe(2);
});

test.each([
  ['announced', 'content-length: 5000\r\n\r\n'],
  ['not announced', 'connection: close\r\n\r\n'],
])('reads no more of a reply than it was told, its length %s', async (_how, rest) => {
  const { origin } = await serveTcp((socket) =>
    socket.once('data', () => socket.write(`HTTP/1.1 200 OK\r\n${rest}${'x'.repeat(5000)}`)),
  );
  const error = await failureOf(transportWith({ maxReplyBytes: 1000 })(push(origin)));
  expect(error).toMatchObject({ failure: 'reply-too-large', moneyMoved: 'maybe' });
});

test('stops waiting at once when the caller calls off, and says that it may have been too late', async () => {
  const { origin, sockets } = await serveTcp((socket) => socket.once('data', () => controller.abort()));
  const controller = new AbortController();
  const error = await failureOf(transportWith()(push(origin), { signal: controller.signal }));
  expect(error).toMatchObject({ failure: 'aborted', moneyMoved: 'maybe' });
  await once(sockets[0] as Socket, 'close');
});

test('sends nothing for a caller who had called off before', async () => {
  const { origin, sockets } = await serveTcp(() => undefined);
  const error = await failureOf(transportWith()(push(origin), { signal: AbortSignal.abort() }));
  expect(error).toMatchObject({ failure: 'not-connected', moneyMoved: 'no', cause: { code: 'ABORTED' } });
  expect(sockets).toHaveLength(0);
});

test('never sends what was called off while it waited for a connection', async () => {
  let requests = 0;
  const { origin } = await serveHttp((_request, response) => {
    requests += 1;
    setTimeout(() => response.end('{}'), 80);
  });
  const transport = transportWith({ connectionsPerHost: 1 });
  const first = transport(push(origin));
  const controller = new AbortController();
  const second = failureOf(transport(push(origin), { signal: controller.signal }));
  const third = failureOf(transport(push(origin), { timeoutMs: 20 }));
  controller.abort();
  expect(await second).toMatchObject({ failure: 'not-connected', moneyMoved: 'no' });
  expect(await third).toMatchObject({ failure: 'not-connected', moneyMoved: 'no' });
  await first;
  await transport(push(origin));
  expect(requests).toBe(2);
});

test('refuses an address that is none before anything is sent', async () => {
  const error = await failureOf(transportWith()({ ...push(''), url: `not a url ${MSISDN}` }));
  expect(error).toMatchObject({ failure: 'not-connected', moneyMoved: 'no' });
});

test('sends nothing of a request that a header value would split', async () => {
  const { origin, sockets } = await serveHttp((_request, response) => response.end('{}'));
  const error = await failureOf(transportWith()({ ...push(origin), headers: { 'x-a': 'b\r\nx-c: d' } }));
  expect(error).toMatchObject({ failure: 'not-connected', moneyMoved: 'no' });
  expect(sockets).toHaveLength(0);
});

test('lets what is under way end when it closes, and takes no more', async () => {
  const { origin } = await serveHttp((_request, response) => void setTimeout(() => response.end('{}'), 50));
  const transport = createHttpTransport();
  const underWay = transport(push(origin));
  const closed = transport.close();
  const late = await failureOf(transport(push(origin)));
  expect(late).toMatchObject({ failure: 'not-connected', moneyMoved: 'no' });
  expect((await underWay).status).toBe(200);
  await closed;
});

test('sends through an axios instance of the caller’s, whose interceptors add headers', async () => {
  const seen: unknown[] = [];
  const { origin } = await serveHttp((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { traceparent, authorization, 'content-type': type } = request.headers;
      seen.push({ traceparent, authorization, type, body: Buffer.concat(chunks).toString() });
      response.end('{"amount":1.00}');
    });
  });
  const client = axios.create({ baseURL: 'http://127.0.0.1:1', transformRequest: () => 'another body' });
  client.interceptors.request.use((config) => {
    config.headers.set('traceparent', '00-1');
    return config;
  });
  const request = push(origin);
  const reply = await transportWith({ client })(request);
  expect(reply).toMatchObject({ status: 200, body: '{"amount":1.00}' });
  const { authorization, 'content-type': type } = request.headers;
  expect(seen).toEqual([{ traceparent: '00-1', authorization, type, body: request.body }]);
});

test('takes the reply from the wire whatever the caller’s client makes of it', async () => {
  const { origin } = await serveHttp((_request, response) => response.writeHead(503).end('{}'));
  const client = axios.create();
  client.interceptors.response.use(undefined, () => {
    throw new Error(`a bug of the watcher, who saw ${TOKEN}`);
  });
  expect(await transportWith({ client })(push(origin))).toMatchObject({ status: 503, body: '{}' });
});

test('sends once through a client that repeats what fails', async () => {
  let requests = 0;
  const { origin } = await serveHttp((request) => {
    requests += 1;
    request.socket.destroy();
  });
  const client = axios.create();
  let repeats = 0;
  const again = async (error: { config: object }): Promise<unknown> => {
    repeats += 1;
    if (repeats > 3) throw new Error('three times in vain');
    return client.request(error.config);
  };
  client.interceptors.response.use(undefined, again);
  const error = await failureOf(transportWith({ client })(push(origin)));
  expect(error).toMatchObject({ failure: 'connection-lost', moneyMoved: 'maybe' });
  expect({ requests, repeats }).toEqual({ requests: 1, repeats: 4 });
});

test('says that nothing left when an interceptor throws before the send', async () => {
  const client = axios.create();
  client.interceptors.request.use(() => {
    throw new Error(`no span for Bearer ${TOKEN}`);
  });
  const error = await failureOf(transportWith({ client })(push('http://127.0.0.1:1')));
  expect(error).toMatchObject({ failure: 'not-connected', moneyMoved: 'no' });
});

test('does not know whether money moved when an interceptor sends in a way of its own', async () => {
  const client = axios.create();
  client.interceptors.request.use((config) => ({
    ...config,
    adapter: async () => ({ status: 200, statusText: '', headers: {}, data: '{}', config }),
  }));
  const error = await failureOf(transportWith({ client })(push('http://127.0.0.1:1')));
  expect(error).toMatchObject({ failure: 'connection-lost', moneyMoved: 'maybe' });
});

test('does not know whether money moved when an interceptor sends in a way of its own, which breaks', async () => {
  const { origin } = await serveHttp((request) => request.socket.destroy());
  const client = axios.create();
  client.interceptors.request.use((config) => ({ ...config, adapter: 'http' }));
  const error = await failureOf(transportWith({ client })(push(origin)));
  expect(error).toMatchObject({ failure: 'connection-lost', moneyMoved: 'maybe' });
});

test.each(['that breaks', 'whose reply an interceptor trips over'])(
  'does not know whether money moved after an error without a word of its origin, of a way of its own %s',
  async (what) => {
    const client = axios.create();
    client.interceptors.request.use((config) => ({
      ...config,
      adapter: async () => {
        if (what === 'that breaks') throw new Error('the socket broke');
        return { status: 200, statusText: '', headers: {}, data: '{}', config };
      },
    }));
    client.interceptors.response.use(() => {
      throw new Error('a bug of the watcher');
    });
    const error = await failureOf(transportWith({ client })(push('http://127.0.0.1:1')));
    expect(error).toMatchObject({ failure: 'connection-lost', moneyMoved: 'maybe' });
  },
);

test('waits no longer than it was told to for a client that never comes to the send, and sends nothing later', async () => {
  let requests = 0;
  const { origin } = await serveHttp((_request, response) => {
    requests += 1;
    response.end('{}');
  });
  const client = axios.create();
  const waiting: (() => void)[] = [];
  client.interceptors.request.use(
    (config) => new Promise<typeof config>((resolve) => waiting.push(() => resolve(config))),
  );
  const transport = transportWith({ client });
  const late = await failureOf(transport(push(origin), { timeoutMs: 20 }));
  expect(late).toMatchObject({ failure: 'connection-lost', moneyMoved: 'maybe' });
  const caller = new AbortController();
  const calledOff = failureOf(transport(push(origin), { signal: caller.signal }));
  caller.abort();
  expect(await calledOff).toMatchObject({ failure: 'connection-lost', moneyMoved: 'maybe' });
  const before = await failureOf(transport(push(origin), { signal: caller.signal }));
  expect(before).toMatchObject({ failure: 'not-connected', moneyMoved: 'no' });
  for (const goOn of waiting) goOn();
  await transportWith()(push(origin));
  expect(requests).toBe(1);
});

test('hands over the reply, though the client never comes to an end with it', async () => {
  const { origin } = await serveHttp((_request, response) => response.end('{}'));
  const client = axios.create();
  client.interceptors.response.use(() => new Promise(() => undefined));
  expect(await transportWith({ client })(push(origin), { timeoutMs: 300 })).toMatchObject({ status: 200, body: '{}' });
});

test('refuses an option that is not usable, naming it', () => {
  expect(() => createHttpTransport({ timeoutMs: 0 })).toThrow(
    expect.objectContaining({ code: 'CONFIG_INVALID', field: 'transport.timeoutMs' }),
  );
  expect(() => createHttpTransport({ retries: 3 } as HttpTransportOptions)).toThrow(
    expect.objectContaining({ field: 'transport.retries' }),
  );
});

test('writes a request once even when the pool takes it up a second time', async () => {
  const aborted: unknown[] = [];
  const controller = () => ({ abort: (reason: unknown) => aborted.push(reason) });
  const exchange = new Exchange('https://example.com/', { timeoutMs: 1000, maxReplyBytes: 1000 });
  type Controller = Parameters<Exchange['onRequestStart']>[0];
  exchange.onRequestStart(controller() as unknown as Controller);
  exchange.onRequestStart(controller() as unknown as Controller);
  expect(aborted).not.toHaveLength(0);
  expect(exchange.failure).toMatchObject({ failure: 'connection-lost', moneyMoved: 'maybe' });
});
