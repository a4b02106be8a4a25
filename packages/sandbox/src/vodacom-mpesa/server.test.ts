import { constants, createPublicKey, publicEncrypt } from 'node:crypto';

import { afterEach, expect, test } from 'vitest';

import { type Receiver, startReceiver } from '../../test/receiver.ts';
import { PAYER } from '../../test/vodacom-caller.ts';
import { startVodacomServer, type VodacomServer } from './server.ts';

const open: { close(): Promise<void> | void }[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map(async (one) => one.close()));
});

async function start(): Promise<VodacomServer> {
  const server = await startVodacomServer({ speed: 1_000, timings: { sessionLiveMs: 0, requestTimeoutMs: 10_000 } });
  open.push(server);
  return server;
}

/** A merchant's receiver of results. */
async function receive(): Promise<Receiver> {
  const receiver = await startReceiver();
  open.push(receiver);
  return receiver;
}

async function collect({ baseUrl, application, publicKey }: VodacomServer): Promise<Response> {
  const prefix = `${baseUrl}/sandbox/ipg/v2/vodacomTZN`;
  const key = createPublicKey({ key: Buffer.from(publicKey, 'base64'), format: 'der', type: 'spki' });
  const headersFor = (secret: string): Record<string, string> => ({
    'content-type': 'application/json',
    origin: '*',
    authorization: `Bearer ${publicEncrypt({ key, padding: constants.RSA_PKCS1_PADDING }, Buffer.from(secret)).toString('base64')}`,
  });
  const reply = await fetch(`${prefix}/getSession/`, { headers: headersFor(application.apiKey) });
  const { output_SessionID: session } = (await reply.json()) as { output_SessionID: string };
  return fetch(`${prefix}/c2bPayment/singleStage/`, {
    method: 'POST',
    headers: headersFor(session),
    body: JSON.stringify({
      input_Amount: '10',
      input_Country: 'TZN',
      input_Currency: 'TZS',
      input_CustomerMSISDN: PAYER,
      input_ServiceProviderCode: '000000',
      input_ThirdPartyConversationID: 'collect1',
      input_TransactionReference: 'T1234C',
      input_PurchasedItemsDesc: 'Shoes',
    }),
  });
}

const post = (url: string, body: object): Promise<Response> =>
  fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });

test('collects over sockets within the call', async () => {
  const server = await start();
  const response = await collect(server);
  expect(response.status).toBe(201);
  expect(await response.json()).toMatchObject({
    output_ResponseCode: 'INS-0',
    output_TransactionID: expect.any(String),
  });
  expect(await (await fetch(`${server.baseUrl}/__sandbox/books`)).json()).toMatchObject({
    collections: { count: 1, amountMinor: '1000' },
  });
});

test('tells the response URL where it is told to from outside', async () => {
  const server = await start();
  const receiver = await receive();
  const commands = `${server.baseUrl}/__sandbox/commands`;
  expect((await post(`${commands}/set-response-url`, { url: receiver.url })).status).toBe(200);
  expect(await (await collect(server)).json()).not.toHaveProperty('output_TransactionID');
  expect(JSON.parse(await receiver.first)).toMatchObject({
    input_ResultCode: 'INS-0',
    input_ThirdPartyConversationID: 'collect1',
  });
  expect((await post(`${commands}/set-response-url`, { url: 'nowhere' })).status).toBe(400);
});

test('says what a client has to be configured with, and takes states, phones and faults from outside', async () => {
  const server = await start();
  const control = `${server.baseUrl}/__sandbox`;
  expect(await (await fetch(`${control}/settings`)).json()).toMatchObject({
    apiKey: 'canzaSandboxApiKey0123456789abcd',
    serviceProviderCode: '000000',
    origin: '*',
    publicKey: server.publicKey,
    responses: 'synchronous',
  });
  const unregister = { msisdn: PAYER, state: 'unregistered' };
  expect((await post(`${control}/commands/set-subscriber`, { ...unregister, state: 'gone' })).status).toBe(400);
  await post(`${control}/commands/set-subscriber`, unregister);
  expect(await (await collect(server)).json()).toMatchObject({ output_ResponseCode: 'INS-2051' });
  await post(`${control}/commands/set-subscriber`, { ...unregister, state: 'registered' });
  await post(`${control}/faults`, { fault: 'submit:html' });
  expect((await collect(server)).status).toBe(403);
});

test('breaks the connection where a reply is lost, and charges all the same', async () => {
  const server = await start();
  server.emulator.faults.add({ stage: 'submit', kind: 'reply-lost' });
  await expect(collect(server)).rejects.toThrow('fetch failed');
  await expect.poll(() => server.emulator.books.collections().length).toBe(1);
});
