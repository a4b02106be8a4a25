import { afterEach, expect, test } from 'vitest';

import { collectionBody } from '../../test/airtel-caller.ts';
import { type Receiver, startReceiver } from '../../test/receiver.ts';
import { type AirtelServer, startAirtelServer } from './server.ts';

const open: { close(): Promise<void> | void }[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map(async (one) => one.close()));
});

async function start(): Promise<AirtelServer> {
  const server = await startAirtelServer({ speed: 1_000 });
  open.push(server);
  return server;
}

/** A merchant's receiver of callbacks. */
async function receive(): Promise<Receiver> {
  const receiver = await startReceiver();
  open.push(receiver);
  return receiver;
}

async function collect({ baseUrl, application }: AirtelServer): Promise<Response> {
  const { clientId, clientSecret } = application;
  const json = { 'content-type': 'application/json' };
  const token = await fetch(`${baseUrl}/auth/oauth2/token`, {
    method: 'POST',
    headers: json,
    body: JSON.stringify({ client_id: clientId, client_secret: clientSecret, grant_type: 'client_credentials' }),
  });
  const { access_token: bearer } = (await token.json()) as { access_token: string };
  return fetch(`${baseUrl}/merchant/v1/payments/`, {
    method: 'POST',
    headers: { ...json, authorization: `Bearer ${bearer}`, 'X-Country': 'UG', 'X-Currency': 'UGX' },
    body: JSON.stringify(collectionBody()),
  });
}

const post = (url: string, body: object): Promise<Response> =>
  fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });

test('collects over sockets, and calls back where it is told to from outside', async () => {
  const server = await start();
  const receiver = await receive();
  const control = `${server.baseUrl}/__sandbox`;
  expect((await post(`${control}/commands/set-callback-url`, { url: receiver.url })).status).toBe(200);
  expect(await (await collect(server)).json()).toMatchObject({ data: { transaction: { status: 'SUCCESS' } } });
  expect(JSON.parse(await receiver.first)).toMatchObject({ transaction: { id: 'ORDER0001', status_code: 'TS' } });
  expect(await (await fetch(`${control}/books`)).json()).toMatchObject({
    collections: { count: 1, amountMinor: '1000' },
  });
});

test('says what a client has to be configured with, and takes faults and states from outside', async () => {
  const server = await start();
  const control = `${server.baseUrl}/__sandbox`;
  expect(await (await fetch(`${control}/settings`)).json()).toMatchObject({
    clientId: 'canza-sandbox-client-id',
    country: 'UG',
    pin: '1234',
    pinPadding: 'pkcs1',
    publicKey: expect.stringMatching(/^MIGf/),
  });
  const unregister = { msisdn: '256752604392', state: 'unregistered' };
  expect((await post(`${control}/commands/set-subscriber`, { ...unregister, state: 'gone' })).status).toBe(400);
  await post(`${control}/commands/set-subscriber`, unregister);
  expect((await collect(server)).status).toBe(400);
  await post(`${control}/faults`, { fault: 'submit:html' });
  expect((await collect(server)).status).toBe(403);
  expect((await post(`${control}/commands/set-callback-url`, { url: 'nowhere' })).status).toBe(400);
});

test('breaks the connection where a reply is lost, and charges all the same', async () => {
  const server = await start();
  server.emulator.faults.add({ stage: 'submit', kind: 'reply-lost' });
  await expect(collect(server)).rejects.toThrow('fetch failed');
  await expect.poll(() => server.emulator.books.collections().length).toBe(1);
});
