import { expect, test } from 'vitest';

import { type Json, jsonOf } from '../../test/daraja-caller.ts';
import { attempt, describeFault, SILENT_KINDS, SUBMIT_FAULTS } from '../../test/submit-faults.ts';
import {
  createVodacomCaller,
  PAYER,
  RESPONSE_URL,
  said,
  TZS,
  type VodacomCallerOptions,
} from '../../test/vodacom-caller.ts';
import { type CallbackFaultKind, isAccepted, type RequestFaultKind } from '../faults.ts';

for (const fault of SUBMIT_FAULTS) {
  const { kind } = fault;
  test(`${describeFault(fault)}: the books agree with what was taken in, and the same ids settle it`, async () => {
    const { emulator, clock, collect, payOut, transfer, query, renew } = await createVodacomCaller();
    const sends = [collect, payOut, transfer];
    emulator.faults.add({ ...fault, times: 3 });
    for (const send of sends) {
      if (kind.startsWith('token-')) await renew();
      const sent = attempt(send());
      await clock.advance(30_000);
      // What hangs does so until the emulator closes.
      const seen = kind === 'hang' ? 'no reply' : await sent;
      expect(seen).toBe(SILENT_KINDS.includes(kind) ? 'no reply' : 'replied');
    }
    const wasTaken = isAccepted(fault) || kind === 'slow';
    const moved = () =>
      [emulator.books.collections(), emulator.books.payouts(), emulator.books.transfers()].map((rows) => rows.length);
    expect(moved()).toEqual(wasTaken ? [1, 1, 1] : [0, 0, 0]);
    await renew();
    for (const id of ['collect1', 'payout1', 'transfer1']) {
      expect(said(await query(id))).toMatchObject(
        wasTaken ? { output_ResponseTransactionStatus: 'Completed' } : { output_ResponseCode: 'INS-23' },
      );
    }
    const again = sends.map((send) => send());
    await clock.advance(30_000);
    for (const reply of again) expect(said(await reply)['output_ResponseCode']).toBe(wasTaken ? 'INS-10' : 'INS-0');
    expect(moved()).toEqual([1, 1, 1]);
    expect(emulator.books.ledger(TZS).totalMinor()).toBe(0n);
    await emulator.close();
  });
}

test.each<[RequestFaultKind, number, RegExp]>([
  ['client-error', 400, /"INS-21"/],
  ['server-error', 500, /"INS-1"/],
  ['html', 403, /^<html>/],
  ['throttled', 429, /^$/],
  ['token-expired', 400, /"INS-989"/],
  ['token-revoked', 400, /"INS-989"/],
  ['empty', 200, /^$/],
])('%s looks as the operator’s own', async (kind, status, body) => {
  const { emulator, clock, payOut } = await createVodacomCaller();
  emulator.faults.add({ stage: 'submit', kind });
  const sent = payOut();
  await clock.advance(2_000);
  const response = await sent;
  expect(response.status).toBe(status);
  expect(response.body).toMatch(body);
});

test('a session that was struck off stays so, and another one works', async () => {
  const { emulator, payOut, query, renew } = await createVodacomCaller();
  emulator.faults.add({ stage: 'submit', kind: 'token-expired' });
  await payOut();
  expect(said(await query('payout1'))).toMatchObject({ output_ResponseCode: 'INS-989' });
  await renew();
  expect(said(await query('payout1'))).toMatchObject({ output_ResponseCode: 'INS-23' });
});

test('faults meet session and questions as well, one operation of them if wanted', async () => {
  const { emulator, getSession, query, nameOf } = await createVodacomCaller();
  emulator.faults.add(
    { stage: 'token', kind: 'html' },
    { stage: 'query', operation: 'transaction-status', kind: 'throttled' },
  );
  expect((await getSession()).status).toBe(403);
  expect((await nameOf(PAYER)).status).toBe(200);
  expect((await query('nothing')).status).toBe(429);
  expect(emulator.faults.struck).toHaveLength(2);
});

const ASYNCHRONOUS = { responses: 'asynchronous', responseUrl: RESPONSE_URL } as const;

/** Collects asynchronously with faults of the result, and reads what came. */
async function collectWith(
  faults: readonly CallbackFaultKind[],
  { behaviour = 'approve', ...options }: VodacomCallerOptions & { behaviour?: 'approve' | 'decline' } = {},
) {
  const caller = await createVodacomCaller({ application: ASYNCHRONOUS, handsets: { [PAYER]: behaviour }, ...options });
  caller.emulator.faults.add(...faults.map((kind) => ({ stage: 'callback', kind }) as const));
  const reply = said(await caller.collect());
  const beforeReply = caller.received.length;
  await caller.clock.advance(30_000);
  const inTime = caller.received.length;
  await caller.clock.advance(600_000);
  const told = caller.received.map((request) => jsonOf(request));
  return { ...caller, reply, told, beforeReply, inTime, codes: told.map((one) => one['input_ResultCode']) };
}

test('X39: answers at once without a transaction id, and tells the response URL of the end', async () => {
  const { reply, told, received, emulator } = await collectWith([]);
  expect(reply).toEqual({
    http: 201,
    output_ResponseCode: 'INS-0',
    output_ResponseDesc: 'Request processed successfully',
    output_ConversationID: expect.stringMatching(/^[0-9a-f]{32}$/),
    output_ThirdPartyConversationID: 'collect1',
  });
  expect(received).toMatchObject([{ method: 'POST', url: RESPONSE_URL }]);
  expect(told).toEqual([
    {
      input_OriginalConversationID: reply['output_ConversationID'],
      input_TransactionID: emulator.books.collections()[0]?.transactionId,
      input_ResultCode: 'INS-0',
      input_ResultDesc: 'Request processed successfully',
      input_ThirdPartyConversationID: 'collect1',
    },
  ]);
  expect(emulator.deliveries).toMatchObject([{ operation: 'c2b', status: 200 }]);
});

test('tells of a failure too', async () => {
  const { told, emulator } = await collectWith([], { behaviour: 'decline' });
  expect(told).toMatchObject([{ input_ResultCode: 'INS-6', input_ResultDesc: 'Transaction Failed' }]);
  expect(emulator.books.collections()).toEqual([]);
});

test.each<[CallbackFaultKind, readonly string[]]>([
  ['missing', []],
  ['doubled', ['INS-0', 'INS-0']],
  ['contradicting', ['INS-0', 'INS-6']],
  ['contradicting-first', ['INS-6', 'INS-0']],
  ['forged', ['INS-0', 'INS-0']],
  ['wrong-amount', ['INS-0']],
])('%s: %j', async (kind, expected) => {
  const { codes, emulator } = await collectWith([kind]);
  expect(codes).toEqual(expected);
  expect(emulator.books.collections()).toHaveLength(1);
});

test('a forgery claims success of what will fail, with a transaction that does not exist', async () => {
  const { codes, told, emulator } = await collectWith(['forged'], { behaviour: 'decline' });
  expect(codes).toEqual(['INS-0', 'INS-6']);
  const ids = told.map((one) => one['input_TransactionID']);
  expect(emulator.transactions.map(({ transactionId }) => transactionId)).toEqual([ids[1]]);
  expect(ids[0]).not.toBe(ids[1]);
});

test('a contradiction claims success of what failed', async () => {
  const { codes } = await collectWith(['contradicting'], { behaviour: 'decline' });
  expect(codes).toEqual(['INS-6', 'INS-0']);
});

test('comes late, or ahead of the reply', async () => {
  expect(await collectWith(['late'])).toMatchObject({ inTime: 0, codes: ['INS-0'] });
  expect(await collectWith(['before-reply'])).toMatchObject({ beforeReply: 1, codes: ['INS-0'] });
});

test('comes as PUT where that is wanted', async () => {
  const { received } = await collectWith([], { shapes: { resultMethod: 'PUT' } });
  expect(received).toMatchObject([{ method: 'PUT' }]);
});

test('tells nobody without an address, nobody of a synchronous call, and the new address after a change', async () => {
  const { received, emulator, collect, clock, settled } = await collectWith([], {
    application: { responses: 'asynchronous' },
  });
  const collectAs = (id: string) => collect({ input_ThirdPartyConversationID: id });
  expect(emulator.books.collections()).toHaveLength(1);
  emulator.setResponseUrl('https://elsewhere.example/openapi');
  await collectAs('collect2');
  await clock.advance(30_000);
  emulator.setResponseUrl(undefined);
  expect(await settled(collectAs('collect3'))).toMatchObject({ output_TransactionID: expect.any(String) });
  expect(received.map(({ url }) => url)).toEqual(['https://elsewhere.example/openapi']);
  expect(() => emulator.setResponseUrl('nowhere')).toThrow('"responseUrl" is refused');
});

test('a response URL alone makes nothing asynchronous', async () => {
  const { collect, settled, received } = await createVodacomCaller({ application: { responseUrl: RESPONSE_URL } });
  expect(await settled(collect())).toMatchObject({ output_TransactionID: expect.any(String) });
  expect(received).toEqual([]);
});

test('payouts, transfers and reversals are asynchronous too, and questions never', async () => {
  const { emulator, clock, collect, payOut, transfer, reverse, query, received } = await createVodacomCaller({
    application: ASYNCHRONOUS,
  });
  await collect();
  await clock.advance(30_000);
  const paid = emulator.books.collections()[0]?.transactionId;
  for (const reply of [await payOut(), await transfer(), await reverse(paid)]) {
    expect(said(reply)).toMatchObject({ http: 200, output_ResponseCode: 'INS-0' });
    expect(said(reply)).not.toHaveProperty('output_TransactionID');
  }
  await clock.advance(30_000);
  const told = received.map((request): Json => jsonOf(request));
  expect(told.map((one) => one['input_ThirdPartyConversationID'])).toEqual([
    'collect1',
    'payout1',
    'transfer1',
    'reversal1',
  ]);
  expect(said(await query('reversal1'))).toMatchObject({ output_ResponseTransactionStatus: 'Completed' });
});

test('a call that closing interrupts has no reply, and nothing moves after it', async () => {
  const { emulator, clock, collect } = await createVodacomCaller();
  const sent = attempt(collect());
  await clock.advance(1_000);
  await emulator.close();
  expect(await sent).toBe('no reply');
  await clock.advance(60_000);
  expect(emulator.books.collections()).toEqual([]);
});

test('the same seed tells the same story', async () => {
  const run = async () => {
    const { received, emulator } = await collectWith(['doubled']);
    return JSON.stringify([received, emulator.transactions], (_key, value: unknown) =>
      typeof value === 'bigint' ? String(value) : value,
    );
  };
  expect(await run()).toBe(await run());
});
