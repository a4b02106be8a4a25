import { TransportError } from '@canza/core';
import { describe, expect, test } from 'vitest';

import {
  BASE_URL,
  bodyOf,
  CALLBACK_URL,
  createMomoCaller,
  jsonOf,
  KINDS,
  type Kind,
  type MomoCaller,
  PAYER,
  reference,
} from '../../test/momo-caller.ts';
import type { CallbackFaultKind, RequestFaultKind } from '../faults.ts';

/** What a caller sees of a request to pay over the transport, and how much money moved in the end. */
async function payThrough(caller: MomoCaller, timeoutMs = 10_000): Promise<[seen: string, collectedMinor: bigint]> {
  const { subscriptionKey } = caller.emulator.credentials.collection;
  const request = {
    method: 'POST',
    url: `${BASE_URL}/collection/v1_0/requesttopay`,
    headers: {
      authorization: `Bearer ${String(jsonOf(await caller.tokenReply('collection'))['access_token'])}`,
      'ocp-apim-subscription-key': subscriptionKey,
      'x-target-environment': 'sandbox',
      'x-reference-id': reference(1),
    },
    body: JSON.stringify(bodyOf('request-to-pay')),
  } as const;
  const sent = caller.emulator.transport(request, { timeoutMs }).then(
    ({ status, body }) => `${status} ${body.slice(0, 17)}`,
    (error: unknown) =>
      error instanceof TransportError ? `${error.failure} ${error.moneyMoved}` : 'no TransportError',
  );
  const seen = await caller.clock.runUntil(sent);
  await caller.clock.advance(120_000);
  return [seen, caller.emulator.books.collectedMinor()];
}

describe('a request to pay', () => {
  test.each<[kind: RequestFaultKind, accepted: boolean | undefined, seen: string, collected: bigint]>([
    ['request-lost', undefined, 'connection-lost maybe', 0n],
    ['reply-lost', undefined, 'connection-lost maybe', 12_50n],
    ['client-error', undefined, '400 ', 0n],
    ['server-error', undefined, '500 {"code":"INTERNAL', 0n],
    ['server-error', true, '500 {"code":"INTERNAL', 12_50n],
    ['html', undefined, '403 <html><head><titl', 0n],
    ['html', true, '403 <html><head><titl', 12_50n],
    ['empty', undefined, '200 ', 12_50n],
    ['cut-json', undefined, '202 ', 12_50n],
    ['slow', undefined, '202 ', 12_50n],
    ['slow', false, '202 ', 12_50n],
    ['hang', undefined, 'timeout maybe', 12_50n],
    ['hang', false, 'timeout maybe', 0n],
    ['throttled', undefined, '429 {"statusCode":429', 0n],
    ['token-expired', undefined, '401 {"statusCode":401', 0n],
    ['token-revoked', undefined, '401 ', 0n],
  ])('hit by %s (accepted: %s) is seen as "%s…" and moves %s cents', async (kind, accepted, seen, collected) => {
    const caller = createMomoCaller();
    caller.emulator.faults.add({ stage: 'submit', kind, ...(accepted === undefined ? {} : { accepted }) });
    expect(await payThrough(caller)).toEqual([seen, collected]);
    expect(caller.emulator.faults.list()).toEqual([]);
    expect(caller.clock.pendingTimers).toBe(0);
  });

  test('slower than its caller’s patience is taken in after the caller gave up', async () => {
    const caller = createMomoCaller();
    caller.emulator.faults.add({ stage: 'submit', kind: 'slow', accepted: false, delayMs: 20_000 });
    expect(await payThrough(caller)).toEqual(['timeout maybe', 12_50n]);
  });
});

test.each(['token-expired', 'token-revoked'] as const)(
  'a token struck off by %s opens nothing any more',
  async (kind) => {
    const { emulator, call } = createMomoCaller();
    emulator.faults.add({ stage: 'query', kind });
    expect((await call('collection', 'GET', '/v1_0/account/balance')).status).toBe(401);
    expect((await call('collection', 'GET', '/v1_0/account/balance')).status).toBe(401);
  },
);

test('faults strike the token call and one operation alone, where told to', async () => {
  const { emulator, tokenReply, pay } = createMomoCaller();
  emulator.faults.add({ stage: 'token', kind: 'html' }, { stage: 'submit', kind: 'throttled', operation: 'transfer' });
  expect((await tokenReply('collection')).status).toBe(403);
  expect((await pay('request-to-pay', 1)).status).toBe(202);
  expect((await pay('transfer', 2)).status).toBe(429);
});

/** The callbacks of a paid request to pay: seconds after the request, and status. */
async function callbacksWith(kind: CallbackFaultKind, delayMs?: number) {
  const caller = createMomoCaller();
  const startMs = caller.clock.nowMs();
  caller.emulator.faults.add({ stage: 'callback', kind, ...(delayMs === undefined ? {} : { delayMs }) });
  await caller.pay('request-to-pay', 1);
  await caller.clock.advance(600_000);
  return {
    ...caller,
    seen: caller.emulator.deliveries.map(({ atMs, request }) => [
      atMs - startMs,
      jsonOf({ body: request.body ?? '' })['status'],
    ]),
  };
}

describe('a callback', () => {
  test.each<[CallbackFaultKind, readonly (readonly [number, string])[]]>([
    ['missing', []],
    ['late', [[302_500, 'SUCCESSFUL']]],
    [
      'doubled',
      [
        [2_500, 'SUCCESSFUL'],
        [3_500, 'SUCCESSFUL'],
      ],
    ],
    [
      'contradicting',
      [
        [2_500, 'SUCCESSFUL'],
        [3_500, 'FAILED'],
      ],
    ],
    [
      'contradicting-first',
      [
        [2_500, 'FAILED'],
        [3_500, 'SUCCESSFUL'],
      ],
    ],
    ['before-reply', [[0, 'SUCCESSFUL']]],
    [
      'forged',
      [
        [0, 'SUCCESSFUL'],
        [2_500, 'SUCCESSFUL'],
      ],
    ],
    [
      'intermediate',
      [
        [0, 'PENDING'],
        [2_500, 'SUCCESSFUL'],
      ],
    ],
  ])('%s: comes as told, and the money moves once', async (kind, expected) => {
    const { seen, emulator } = await callbacksWith(kind);
    expect(seen).toEqual(expected);
    expect(emulator.books.collectedMinor()).toBe(12_50n);
  });

  test('that is forged names a transaction that never was', async () => {
    const { received, emulator } = await callbacksWith('forged');
    const ids = received.map((callback) => jsonOf({ body: callback.body ?? '' })['financialTransactionId']);
    expect(emulator.books.movements().map(({ financialTransactionId }) => financialTransactionId)).toEqual([ids[1]]);
    expect(ids[0]).not.toBe(ids[1]);
  });

  test('that names a wrong amount does not change the right one', async () => {
    const { received, statusOf } = await callbacksWith('wrong-amount');
    expect(jsonOf({ body: received[0]?.body ?? '' })).toMatchObject({ amount: '13.5', status: 'SUCCESSFUL' });
    expect(await statusOf('request-to-pay', 1)).toMatchObject({ amount: '12.5' });
  });

  test.each<[Kind, string, string]>([
    ['request-to-pay', KINDS['request-to-pay'].path, 'PUT'],
    ['request-to-withdraw', '/v1_0/requesttowithdraw', 'POST'],
    ['request-to-withdraw', '/v2_0/requesttowithdraw', 'PUT'],
    ['deposit', '/v1_0/deposit', 'POST'],
    ['deposit', '/v2_0/deposit', 'PUT'],
    ['transfer', KINDS.transfer.path, 'PUT'],
  ])('of %s made at %s comes as %s', async (kind, path, verb) => {
    const { call, clock, received } = createMomoCaller();
    const headers = { 'x-reference-id': reference(1), 'x-callback-url': CALLBACK_URL };
    await call(KINDS[kind].product, 'POST', path, { headers, body: bodyOf(kind) });
    await clock.advance(10_000);
    expect(received.map(({ method, url }) => [method, url])).toEqual([[verb, CALLBACK_URL]]);
  });

  test('comes with the other verb where told to, and not at all without an address', async () => {
    const { pay, clock, received } = createMomoCaller({ shapes: { callbackVerb: 'POST' } });
    await pay('request-to-pay', 1);
    await pay('request-to-pay', 2, PAYER, {}, { 'x-callback-url': undefined });
    await clock.advance(10_000);
    expect(received.map(({ method }) => method)).toEqual(['POST']);
  });
});
