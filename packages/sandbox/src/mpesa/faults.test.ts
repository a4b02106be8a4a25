import { type HttpRequest, TransportError } from '@canza/core';
import { createSeededRandom } from '@canza/core/testing';
import { describe, expect, test } from 'vitest';

import {
  BASE_URL,
  createDarajaCaller,
  type DarajaCaller,
  type Json,
  jsonOf,
  pushBody,
} from '../../test/daraja-caller.ts';
import type { CallbackFaultKind, RequestFaultKind } from '../faults.ts';

const pushRequest = async (caller: DarajaCaller): Promise<HttpRequest> => ({
  method: 'POST',
  url: `${BASE_URL}/mpesa/stkpush/v1/processrequest`,
  headers: { authorization: `Bearer ${await caller.token()}`, 'content-type': 'application/json' },
  body: JSON.stringify(pushBody()),
});

/** What a caller sees of a push over the transport, and how much money moved in the end. */
async function pushThrough(caller: DarajaCaller, timeoutMs = 10_000): Promise<[seen: string, chargedMinor: bigint]> {
  const request = await pushRequest(caller);
  const sent = caller.emulator.transport(request, { timeoutMs }).then(
    ({ status, body }) => `${status} ${body.slice(0, 14)}`,
    (error: unknown) =>
      error instanceof TransportError ? `${error.failure} ${error.moneyMoved}` : 'no TransportError',
  );
  const seen = await caller.clock.runUntil(sent);
  await caller.clock.advance(120_000);
  return [seen, caller.emulator.books.chargedMinor()];
}

describe('a push', () => {
  test.each<[kind: RequestFaultKind, accepted: boolean | undefined, seen: string, charged: bigint]>([
    ['request-lost', undefined, 'connection-lost maybe', 0n],
    ['reply-lost', undefined, 'connection-lost maybe', 100_00n],
    ['client-error', undefined, '400 {"requestId":"', 0n],
    ['server-error', undefined, '500 {"requestId":"', 0n],
    ['server-error', true, '500 {"requestId":"', 100_00n],
    ['html', undefined, '403 <html style="h', 0n],
    ['html', true, '403 <html style="h', 100_00n],
    ['cut-json', undefined, '200 {"MerchantRequ', 100_00n],
    ['empty', undefined, '200 ', 100_00n],
    ['slow', undefined, '200 {"MerchantRequ', 100_00n],
    ['slow', false, '200 {"MerchantRequ', 100_00n],
    ['hang', undefined, 'timeout maybe', 100_00n],
    ['hang', false, 'timeout maybe', 0n],
    ['throttled', undefined, '429 {"fault":{"fau', 0n],
    ['token-expired', undefined, '401 {"requestId":"', 0n],
    ['token-revoked', undefined, '404 {"requestId":"', 0n],
  ])('hit by %s (accepted: %s) is seen as "%s…" and moves %s cents', async (kind, accepted, seen, charged) => {
    const caller = createDarajaCaller();
    caller.emulator.faults.add({ stage: 'submit', kind, ...(accepted === undefined ? {} : { accepted }) });
    expect(await pushThrough(caller)).toEqual([seen, charged]);
    expect(caller.emulator.faults.list()).toEqual([]);
    expect(caller.clock.pendingTimers).toBe(0);
  });

  test('slower than its caller’s patience is taken in after the caller gave up', async () => {
    const caller = createDarajaCaller();
    caller.emulator.faults.add({ stage: 'submit', kind: 'slow', accepted: false, delayMs: 20_000 });
    expect(await pushThrough(caller)).toEqual(['timeout maybe', 100_00n]);
  });

  test('cut short is no JSON any more', async () => {
    const { emulator, push } = createDarajaCaller();
    emulator.faults.add({ stage: 'submit', kind: 'cut-json' });
    const { body } = await push();
    expect(() => void JSON.parse(body)).toThrow(SyntaxError);
  });

  test('is shown the firewall’s page as it is (X8)', async () => {
    const { emulator, push } = createDarajaCaller();
    emulator.faults.add({ stage: 'submit', kind: 'html' });
    expect(await push()).toEqual({
      status: 403,
      headers: { 'content-type': 'text/html' },
      body: '<html style="height:100%"><head><META NAME="ROBOTS" CONTENT="NOINDEX, NOFOLLOW"></head><body>Request unsuccessful. Incapsula incident ID: 0-0</body></html>',
    });
  });

  test.each(['token-expired', 'token-revoked'] as const)('hit by %s needs a new token', async (kind) => {
    const { emulator, push, renew } = createDarajaCaller();
    emulator.faults.add({ stage: 'submit', kind });
    const refused = await push();
    expect(jsonOf(refused)['errorCode']).toBe(kind === 'token-expired' ? '401.003.01' : '404.001.03');
    expect(jsonOf(await push())['errorCode']).toBe('404.001.03');
    await renew();
    expect((await push()).status).toBe(200);
  });

  test('called off ends at once', async () => {
    const caller = createDarajaCaller();
    caller.emulator.faults.add({ stage: 'submit', kind: 'hang' });
    const controller = new AbortController();
    const sent = caller.emulator.transport(await pushRequest(caller), { signal: controller.signal });
    controller.abort();
    await expect(sent).rejects.toMatchObject({ code: 'TRANSPORT', failure: 'aborted' });
  });
});

/** Statuses of twenty pushes, half of them hit by chance. */
const statusesOf = async (seed: number): Promise<number[]> => {
  const { emulator, push } = createDarajaCaller();
  emulator.faults.draw({
    random: createSeededRandom(seed),
    share: 0.5,
    candidates: [
      { stage: 'submit', kind: 'html' },
      { stage: 'submit', kind: 'throttled' },
    ],
  });
  const statuses = [];
  for (let attempt = 0; attempt < 20; attempt++) statuses.push((await push()).status);
  return statuses;
};

describe('faults', () => {
  test('strike in the order given, as often as told, at their stage and operation alone', async () => {
    const { emulator, push, pushed, query } = createDarajaCaller();
    emulator.faults.add(
      { stage: 'query', kind: 'throttled', times: 2 },
      { stage: 'query', kind: 'html' },
      { stage: 'submit', kind: 'html', operation: 'b2c' },
    );
    const id = await pushed();
    const statuses = [];
    for (let ask = 0; ask < 4; ask++) statuses.push((await query(id)).status);
    expect(statuses).toEqual([429, 429, 403, 200]);
    expect(emulator.faults.list()).toHaveLength(1);
    expect(emulator.faults.struck.map(({ kind }) => kind)).toEqual(['throttled', 'throttled', 'html']);
    expect((await push()).status).not.toBe(403);
  });

  test('without an end strike until they are taken back', async () => {
    const { emulator, push } = createDarajaCaller();
    const takeBack = emulator.faults.add({ stage: 'submit', kind: 'html', times: Infinity });
    for (let attempt = 0; attempt < 3; attempt++) expect((await push()).status).toBe(403);
    takeBack();
    expect((await push()).status).toBe(200);
  });

  test('can hit the token too', async () => {
    const { emulator, push } = createDarajaCaller();
    emulator.faults.add({ stage: 'token', kind: 'server-error' });
    await expect(push()).resolves.toMatchObject({ status: 404 });
  });

  test('can be drawn, the same for the same seed', async () => {
    const first = await statusesOf(1);
    expect(new Set(first)).toEqual(new Set([200, 403, 429, 500]));
    expect(await statusesOf(1)).toEqual(first);
    expect(await statusesOf(2)).not.toEqual(first);
  });

  test.each([
    [{ stage: 'submit', kind: 'explode' }, 'fault.kind'],
    [{ stage: 'lunch', kind: 'html' }, 'fault.stage'],
    [{ stage: 'callback', kind: 'html' }, 'fault.kind'],
    [{ stage: 'submit', kind: 'html', times: 0 }, 'fault.times'],
    [{ stage: 'submit', kind: 'slow', delayMs: -1 }, 'fault.delayMs'],
    [{ stage: 'submit', kind: 'reply-lost', accepted: false }, 'fault.accepted'],
    [{ stage: 'submit', kind: 'throttled', accepted: true }, 'fault.accepted'],
  ])('that cannot be are refused: %j', (fault, field) => {
    const { emulator } = createDarajaCaller();
    expect(() => emulator.faults.add(fault as never)).toThrow(`"${field}" is refused`);
  });
});

/** One payment with one fault of its callback, an hour long. */
const run = async (kind: CallbackFaultKind, handset: 'approve' | 'decline', delayMs?: number) => {
  const caller = createDarajaCaller();
  caller.emulator.handset.setDefault(handset);
  caller.emulator.faults.add({ stage: 'callback', kind, ...(delayMs === undefined ? {} : { delayMs }) });
  const startMs = caller.clock.nowMs();
  await caller.push();
  const whenReplied = caller.received.length;
  await caller.clock.advance(3_600_000);
  const said = caller.emulator.deliveries.map(({ atMs, request }) => {
    const { stkCallback } = jsonOf(request)['Body'] as { stkCallback: Json };
    return [(atMs - startMs) / 1000, stkCallback['ResultCode']];
  });
  return { ...caller, whenReplied, said };
};

describe('a callback', () => {
  test('late comes five minutes after its time, or as told', async () => {
    expect((await run('late', 'approve')).said).toEqual([[314, 0]]);
    expect((await run('late', 'approve', 1_000)).said).toEqual([[15, 0]]);
  });

  test('doubled comes twice, word for word', async () => {
    const { said, received } = await run('doubled', 'approve');
    expect(said).toEqual([
      [14, 0],
      [15, 0],
    ]);
    expect(received[0]).toEqual(received[1]);
  });

  test('missing never comes, and the money has moved', async () => {
    const { said, emulator } = await run('missing', 'approve');
    expect(said).toEqual([]);
    expect(emulator.books.charges()).toHaveLength(1);
  });

  test('before the reply has come when the reply comes', async () => {
    const { said, whenReplied, emulator } = await run('before-reply', 'approve');
    expect(said).toEqual([[0, 0]]);
    expect(whenReplied).toBe(1);
    expect(emulator.books.charges()).toHaveLength(1);
  });

  test('contradicting follows the true one', async () => {
    expect((await run('contradicting', 'approve')).said).toEqual([
      [14, 0],
      [15, 1032],
    ]);
    const { said, emulator, received } = await run('contradicting', 'decline');
    expect(said).toEqual([
      [22, 1032],
      [23, 0],
    ]);
    expect(emulator.books.charges()).toEqual([]);
    expect(received[1]?.body).toContain('MpesaReceiptNumber');
  });

  test('contradicting first is followed by the true one', async () => {
    expect((await run('contradicting-first', 'approve')).said).toEqual([
      [14, 1032],
      [15, 0],
    ]);
  });

  test('forged claims success before the payer has decided, with a receipt that no charge has', async () => {
    const { said, emulator, received } = await run('forged', 'decline');
    expect(said).toEqual([
      [0, 0],
      [22, 1032],
    ]);
    expect(emulator.books.charges()).toEqual([]);
    expect(received[0]?.headers).toEqual({ 'content-type': 'application/json;charset=UTF-8' });
  });

  test('with a wrong amount names another than the one that moved', async () => {
    const { received, emulator } = await run('wrong-amount', 'approve');
    expect(received[0]?.body).toContain('"Amount","Value":101.00');
    expect(emulator.books.chargedMinor()).toBe(100_00n);
  });

  test('can be late and doubled at once', async () => {
    const { emulator, push, clock } = createDarajaCaller();
    emulator.faults.add({ stage: 'callback', kind: 'late' }, { stage: 'callback', kind: 'doubled' });
    await push();
    await clock.advance(3_600_000);
    expect(emulator.deliveries).toHaveLength(2);
  });

  test('whose receiver fails is not sent again', async () => {
    const answers = [
      [async () => ({ status: 500, headers: {}, body: '' }), { status: 500 }],
      [
        async () => Promise.reject(new TransportError('not-connected', 'Nobody is there.')),
        { failure: 'Nobody is there.' },
      ],
      [() => new Promise<never>(() => undefined), { failure: 'A callback took longer than 10000 ms.' }],
    ] as const;
    for (const [deliver, outcome] of answers) {
      const { emulator, push, clock } = createDarajaCaller({ deliver });
      await push();
      await clock.advance(3_600_000);
      expect(emulator.deliveries).toEqual([expect.objectContaining(outcome)]);
    }
  });
});

describe('a mistake of the emulator’s own', () => {
  test('is told at once and again when it closes, for a callback that never comes must have a reason', async () => {
    const told: string[] = [];
    const { emulator, push, clock } = createDarajaCaller({
      onEvent: ({ what, detail }) => void (what === 'defect' && told.push(detail)),
    });
    emulator.faults.add({
      stage: 'callback',
      kind: 'late',
      match() {
        throw new Error('a broken match');
      },
    });
    await push();
    await clock.advance(30_000);
    expect(told).toEqual(['a broken match']);
    await expect(emulator.close()).rejects.toThrow('a broken match');
  });

  test('is told when it meets a request', async () => {
    const told: string[] = [];
    const { emulator, push } = createDarajaCaller({
      onEvent: ({ what, detail }) => void (what === 'defect' && told.push(detail)),
      deliver: async () => ({ status: 200, headers: {}, body: '' }),
    });
    emulator.handset.reactTo = () => {
      throw new Error('a broken phone');
    };
    await expect(push()).rejects.toThrow('a broken phone');
    expect(told).toEqual(['a broken phone']);
  });
});

describe('closing', () => {
  test('cancels what is still to come, and lets nothing in any more', async () => {
    const { emulator, push, clock, received } = createDarajaCaller();
    await push();
    await emulator.close();
    expect(clock.pendingTimers).toBe(0);
    await clock.advance(60_000);
    expect(received).toEqual([]);
    await expect(push()).rejects.toMatchObject({ failure: 'not-connected', moneyMoved: 'no' });
  });

  test('ends an exchange that hangs', async () => {
    const caller = createDarajaCaller();
    caller.emulator.faults.add({ stage: 'submit', kind: 'hang' });
    const request = await pushRequest(caller);
    const hanging = caller.emulator.handle(request);
    await caller.emulator.close();
    await expect(hanging).rejects.toMatchObject({ failure: 'connection-lost' });
  });
});
