import { createHmac } from 'node:crypto';

import { expect, test } from 'vitest';

import { CALLBACK_KEY, CALLBACK_URL, createAirtelCaller, MSISDN, said } from '../../test/airtel-caller.ts';
import { type Json, jsonOf } from '../../test/daraja-caller.ts';
import { attempt, describeFault, SILENT_KINDS, SUBMIT_FAULTS } from '../../test/submit-faults.ts';
import { type CallbackFaultKind, isAccepted, type RequestFaultKind } from '../faults.ts';
import type { AirtelEmulatorOptions } from './index.ts';

for (const fault of SUBMIT_FAULTS) {
  const { kind } = fault;
  test(`${describeFault(fault)}: the books agree with what was taken in, and the same id settles it`, async () => {
    const { emulator, clock, payOut, collect, enquire, enquirePayout, renew } = createAirtelCaller();
    await renew();
    emulator.faults.add({ ...fault, times: 2 });
    const seen: string[] = [];
    for (const send of [collect, payOut]) {
      const sent = attempt(send());
      await clock.advance(6_000);
      // What hangs does so until the emulator closes.
      seen.push(kind === 'hang' ? 'no reply' : await sent);
    }
    expect(seen).toEqual(Array.from({ length: 2 }, () => (SILENT_KINDS.includes(kind) ? 'no reply' : 'replied')));
    await clock.advance(20_000);
    const wasTaken = isAccepted(fault) || kind === 'slow';
    expect(emulator.books.collections()).toHaveLength(wasTaken ? 1 : 0);
    expect(emulator.books.payouts()).toHaveLength(wasTaken ? 1 : 0);
    await renew();
    expect(said(await enquire())).toMatchObject(wasTaken ? { status: 'TS' } : { beside: { result_code: 'ESB000045' } });
    expect(said(await enquirePayout())).toMatchObject(
      wasTaken ? { status: 'TS' } : { beside: { result_code: 'ESB000045' } },
    );
    await Promise.all([collect(), payOut()]);
    await clock.advance(20_000);
    expect(emulator.books.collections()).toHaveLength(1);
    expect(emulator.books.payouts()).toHaveLength(1);
    expect(emulator.books.ledger.totalMinor()).toBe(0n);
    await emulator.close();
  });
}

test.each<[RequestFaultKind, number, string]>([
  ['client-error', 400, 'ROUTER003'],
  ['server-error', 500, 'ESB000001'],
  ['html', 403, '<html>'],
  ['throttled', 429, ''],
  ['token-expired', 401, 'invalid_token'],
  ['token-revoked', 403, 'invalid_token'],
  ['empty', 200, ''],
])('%s looks as the operator’s own', async (kind, status, text) => {
  const { emulator, collect } = createAirtelCaller();
  emulator.faults.add({ stage: 'submit', kind });
  const response = await collect();
  expect(response.status).toBe(status);
  expect(response.body).toContain(text);
});

test('faults meet token, setup and query as well', async () => {
  const { emulator, token, get, enquire } = createAirtelCaller();
  await enquire();
  emulator.faults.add(
    { stage: 'token', kind: 'html' },
    { stage: 'setup', kind: 'server-error' },
    { stage: 'query', operation: 'collection-enquiry', kind: 'throttled' },
  );
  expect((await token()).status).toBe(403);
  expect((await get('/v1/rsa/encryption-keys')).status).toBe(500);
  expect((await get('/standard/v1/disbursements/A')).status).toBe(200);
  expect((await enquire()).status).toBe(429);
  expect(emulator.faults.struck).toHaveLength(3);
});

interface Told {
  readonly transaction: Json;
  readonly hash?: string;
}

/** Collects with callback faults, and reads what came. */
async function collectWith(
  faults: readonly CallbackFaultKind[],
  { behaviour = 'approve', ...options }: Partial<AirtelEmulatorOptions> & { behaviour?: 'approve' | 'decline' } = {},
) {
  const caller = createAirtelCaller({ handsets: { [MSISDN]: behaviour }, ...options });
  caller.emulator.faults.add(...faults.map((kind) => ({ stage: 'callback', kind }) as const));
  await caller.collect();
  const beforeReply = caller.received.length;
  await caller.clock.advance(30_000);
  const inTime = caller.received.length;
  await caller.clock.advance(600_000);
  const told = caller.received.map(({ body = '' }) => ({ body, ...(JSON.parse(body) as Told) }));
  return { ...caller, told, beforeReply, inTime, codes: told.map(({ transaction }) => transaction['status_code']) };
}

const isAuthentic = ({ body, hash }: { readonly body: string; readonly hash?: string }): boolean => {
  const transaction = /^\{"transaction":(\{.*?\})(?:,"hash"|\}$)/.exec(body)?.[1] ?? '';
  return createHmac('sha256', CALLBACK_KEY).update(transaction).digest('base64') === hash;
};

test('calls back once, with a hash and without amount, currency or number', async () => {
  const { told, received, emulator } = await collectWith([]);
  expect(received).toMatchObject([{ method: 'POST', url: CALLBACK_URL }]);
  const [callback] = told;
  expect(callback?.transaction).toEqual({
    id: 'ORDER0001',
    message: expect.stringMatching(/^Paid UGX 1,000\.00 to SANDBOX\. Trans ID MP/),
    status_code: 'TS',
    airtel_money_id: emulator.books.collections()[0]?.airtelMoneyId,
  });
  expect(callback !== undefined && isAuthentic(callback)).toBe(true);
  expect(emulator.deliveries).toMatchObject([{ operation: 'collection', status: 200 }]);
});

test('says TF of what was not paid', async () => {
  const { codes, told } = await collectWith([], { behaviour: 'decline' });
  expect(codes).toEqual(['TF']);
  expect(told[0]?.transaction['airtel_money_id']).toBe('');
});

test.each<[CallbackFaultKind, readonly string[]]>([
  ['missing', []],
  ['doubled', ['TS', 'TS']],
  ['contradicting', ['TS', 'TF']],
  ['contradicting-first', ['TF', 'TS']],
  ['intermediate', ['TIP', 'TS']],
  ['forged', ['TS', 'TS']],
])('%s: %j', async (kind, expected) => {
  const { codes, emulator } = await collectWith([kind]);
  expect(codes).toEqual(expected);
  expect(emulator.books.collections()).toHaveLength(1);
});

test('a forgery claims success of what will fail, and has a hash that fits nothing', async () => {
  const { codes, told, emulator } = await collectWith(['forged'], { behaviour: 'decline' });
  expect(codes).toEqual(['TS', 'TF']);
  expect(told.map(isAuthentic)).toEqual([false, true]);
  expect(emulator.books.collections()).toEqual([]);
});

test('comes late, or ahead of the reply', async () => {
  expect(await collectWith(['late'])).toMatchObject({ inTime: 0, codes: ['TS'] });
  expect(await collectWith(['before-reply'])).toMatchObject({ beforeReply: 1, codes: ['TS'] });
});

test('comes without its hash, with a wrong one, or with another amount', async () => {
  const [unsigned] = (await collectWith(['unsigned'])).told;
  expect(unsigned).not.toHaveProperty('hash');
  const [wrong] = (await collectWith(['wrong-signature'])).told;
  expect(wrong !== undefined && isAuthentic(wrong)).toBe(false);
  const [surplus] = (await collectWith(['wrong-amount'])).told;
  expect(surplus?.transaction['message']).toContain('UGX 1,100.00');
  expect(surplus !== undefined && isAuthentic(surplus)).toBe(true);
});

test('hashes the whole body where that is wanted, and nothing without a key', async () => {
  const [whole] = (await collectWith([], { shapes: { hashInput: 'body' } })).told;
  const body = whole?.body.replace(/,"hash".*$/, '}') ?? '';
  expect(createHmac('sha256', CALLBACK_KEY).update(body).digest('base64')).toBe(whole?.hash);
  const { told } = await collectWith([], { application: { callbackUrl: CALLBACK_URL, callbackKey: undefined } });
  expect(told[0]).not.toHaveProperty('hash');
});

test('calls nobody without an address, and the new one after a change', async () => {
  const { received, emulator, collect, renew, clock } = await collectWith([], {
    application: { callbackUrl: undefined, callbackKey: CALLBACK_KEY },
  });
  expect(received).toEqual([]);
  emulator.setCallbackUrl('https://elsewhere.example/airtel');
  await renew();
  await collect({ id: 'ORDER0002' });
  await clock.advance(30_000);
  expect(received.map(({ url }) => url)).toEqual(['https://elsewhere.example/airtel']);
  expect(() => emulator.setCallbackUrl('nowhere')).toThrow('"callbackUrl" is refused');
});

test('reports a payout that ended after its answer', async () => {
  const { emulator, payOut, clock, received } = createAirtelCaller({ shapes: { payouts: 'later' } });
  await payOut();
  await clock.advance(10_000);
  expect(received.map((callback) => jsonOf(callback))).toMatchObject([
    { transaction: { id: 'PAYOUT0001', status_code: 'TS' } },
  ]);
  emulator.faults.add({ stage: 'callback', kind: 'before-reply' });
  await payOut({ id: 'PAYOUT0002' });
  expect(received).toHaveLength(2);
  expect(emulator.books.payouts()).toHaveLength(2);
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
