import { afterEach, expect, test } from 'vitest';

import { type Json, pushBody } from '../../test/daraja-caller.ts';
import { type Receiver, startReceiver } from '../../test/receiver.ts';
import { type DarajaServer, startDarajaServer } from './server.ts';
import { fasterTimings } from './settings.ts';

const open: { close(): Promise<void> | void }[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map(async (one) => one.close()));
});

const start = async (): Promise<DarajaServer> => {
  const server = await startDarajaServer({ timings: fasterTimings(1_000) });
  open.push(server);
  return server;
};

/** A merchant's receiver of callbacks. */
async function receive(): Promise<Receiver> {
  const receiver = await startReceiver();
  open.push(receiver);
  return receiver;
}

async function push({ baseUrl, credentials }: DarajaServer, changes: Json, timeoutMs = 5_000): Promise<Response> {
  const basic = Buffer.from(`${credentials.consumerKey}:${credentials.consumerSecret}`).toString('base64');
  const token = await fetch(`${baseUrl}/oauth/v1/generate?grant_type=client_credentials`, {
    headers: { authorization: `Basic ${basic}` },
  });
  const { access_token: bearer } = (await token.json()) as { access_token: string };
  return fetch(`${baseUrl}/mpesa/stkpush/v1/processrequest`, {
    method: 'POST',
    headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' },
    body: JSON.stringify(pushBody(changes)),
    signal: AbortSignal.timeout(timeoutMs),
  });
}

test('takes a payment over sockets, callback included', async () => {
  const [server, receiver] = [await start(), await receive()];
  const response = await push(server, { CallBackURL: receiver.url });
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe('application/json');
  expect(await receiver.first).toContain('"ResultCode":0,');
  expect(server.emulator.books.byCallbackUrl(receiver.url)).toHaveLength(1);
});

test('breaks the connection after it has accepted when the reply is lost', async () => {
  const [server, receiver] = [await start(), await receive()];
  server.emulator.faults.add({ stage: 'submit', kind: 'reply-lost' });
  await expect(push(server, { CallBackURL: receiver.url })).rejects.toThrow('fetch failed');
  await receiver.first;
  expect(server.emulator.books.charges()).toHaveLength(1);
});

test('keeps the connection open and silent when it hangs, and breaks it when it closes', async () => {
  const server = await start();
  server.emulator.faults.add({ stage: 'submit', kind: 'hang', times: 2 });
  await expect(push(server, {}, 50)).rejects.toMatchObject({ name: 'TimeoutError' });
  // On a busy machine the first one may have been called off before it arrived.
  const arrived = server.emulator.requestCount({ stage: 'submit' });
  const hanging = push(server, { PhoneNumber: '254722000000' });
  const ended = hanging.catch((error: unknown) => String(error));
  while (server.emulator.requestCount({ stage: 'submit' }) === arrived) {
    await new Promise((resolve) => void setTimeout(resolve, 2));
  }
  await server.close();
  expect(await ended).toContain('fetch failed');
});

test('answers a body above its bound with 413', async () => {
  const server = await start();
  const response = await fetch(`${server.baseUrl}/mpesa/stkpush/v1/processrequest`, {
    method: 'POST',
    body: 'x'.repeat(1024 * 1024 + 1),
  });
  expect(response.status).toBe(413);
});

test('listens on this machine alone, and no more after it is closed', async () => {
  const server = await start();
  expect(server.baseUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  await server.close();
  await expect(fetch(server.baseUrl)).rejects.toThrow('fetch failed');
});
