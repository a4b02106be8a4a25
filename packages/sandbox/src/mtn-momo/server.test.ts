import { afterEach, expect, test } from 'vitest';

import { startReceiver } from '../../test/receiver.ts';
import { runSandbox } from '../cli/run.ts';
import { startMomoServer } from './server.ts';

const open: { readonly close: () => unknown }[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()));
});

test('serves a whole payment over sockets, its callback included', async () => {
  const receiver = await startReceiver();
  open.push(receiver);
  const server = await startMomoServer({ speed: 200 });
  open.push(server);
  const { apiUser, apiKey, subscriptionKey } = server.credentials.collection;
  const keyed = { 'Ocp-Apim-Subscription-Key': subscriptionKey };
  const token = (await (
    await fetch(`${server.baseUrl}/collection/token/`, {
      method: 'POST',
      headers: { ...keyed, authorization: `Basic ${Buffer.from(`${apiUser}:${apiKey}`).toString('base64')}` },
    })
  ).json()) as { access_token: string };
  const headers = { ...keyed, authorization: `Bearer ${token.access_token}`, 'X-Target-Environment': 'sandbox' };
  const referenceId = '7b7f6f3a-9d0a-4b6a-8f0e-0f8f5d3c1a11';
  const accepted = await fetch(`${server.baseUrl}/collection/v1_0/requesttopay`, {
    method: 'POST',
    headers: {
      ...headers,
      'X-Reference-Id': referenceId,
      'X-Callback-Url': receiver.url,
      'Content-Type': 'application/json',
    },
    body: JSON.stringify({
      amount: '12.50',
      currency: 'EUR',
      externalId: 'ORD-1001',
      payer: { partyIdType: 'MSISDN', partyId: '256772123456' },
    }),
  });
  expect([accepted.status, await accepted.text()]).toEqual([202, '']);
  expect(JSON.parse(await receiver.first)).toMatchObject({ status: 'SUCCESSFUL', amount: '12.5' });
  const status = await fetch(`${server.baseUrl}/collection/v1_0/requesttopay/${referenceId}`, { headers });
  expect(await status.json()).toMatchObject({ status: 'SUCCESSFUL', externalId: 'ORD-1001' });
  expect(server.emulator.books.collectedMinor({ referenceId })).toBe(12_50n);
});

test('is steered from outside: phones, wallets, books, tokens', async () => {
  const server = await startMomoServer();
  open.push(server);
  const control = async (method: string, path: string, body?: object) => {
    const response = await fetch(`${server.baseUrl}/__sandbox${path}`, {
      method,
      ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    return { status: response.status, json: await response.json() };
  };
  const set = { msisdn: '256772123456', state: 'unknown' };
  expect((await control('POST', '/commands/set-subscriber', set)).status).toBe(200);
  expect(server.emulator.subscribers.stateOf('256772123456')).toBe('unknown');
  expect((await control('POST', '/commands/set-subscriber', { ...set, state: 'rich' })).status).toBe(400);
  expect((await control('POST', '/commands/revoke-tokens', {})).status).toBe(200);
  expect((await control('GET', '/books')).json).toMatchObject({ movements: { count: 0, amountMinor: '0' } });
  expect((await control('GET', '/settings')).json).toMatchObject({
    targetEnvironment: 'sandbox',
    currency: 'EUR',
    'collection.subscriptionKey': 'canza-sandbox-collection-key',
  });
});

test('starts from the command line, and prints what a client needs', async () => {
  const controller = new AbortController();
  const lines: string[] = [];
  const ended = runSandbox(['--only', 'mtn-momo', '--json'], {
    out: (line) => {
      lines.push(line);
      controller.abort();
    },
    err: (line) => void lines.push(line),
    interrupted: controller.signal,
  });
  expect(await ended).toBe(0);
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({
    emulators: {
      'mtn-momo': {
        baseUrl: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
        settings: { 'disbursement.apiUser': 'c0ffee00-0000-4000-8000-000000000002' },
      },
    },
  });
});
