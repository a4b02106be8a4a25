import {
  createMemoryJournal,
  DuplicateReferenceError,
  type Finding,
  RejectedError,
  TransportError,
  UnexpectedResponseError,
} from '@canza/core';
import { createScriptedProvider } from '@canza/core/testing';
import { describe, expect, it } from 'vitest';

import { DAY_MS, MINUTE_MS, PAID, REQUEST, world } from '../../test/bridge-world.ts';
import type { TransactionRequest } from './transaction-request.ts';

const PAYOUT: TransactionRequest = { ...REQUEST, type: 'disbursement' };
const LOST = new TransportError('timeout', 'no reply');
const TAKEN = new DuplicateReferenceError('the reference is taken');
const PROOF_AFTER_MS = 15 * MINUTE_MS;

/** An operator that takes a reference once, and may be sent the same request again after five minutes. */
const recognising = (timing = {}) =>
  createScriptedProvider({
    type: 'disbursement',
    route: { deduplicates: true, resend: { afterMs: 5 * MINUTE_MS, untilMs: 12 * MINUTE_MS } },
    timing,
  });

describe('a reference that is taken proves that an earlier send got through', () => {
  it.each([
    ['the reference was taken', TAKEN, undefined],
    ['a query once said pending', LOST, { status: 'pending' }],
  ] as const)('where %s, a long run of not-found never reads as never received', async (_what, sent, once) => {
    const provider = createScriptedProvider({ timing: { notFoundIsProofAfterMs: PROOF_AFTER_MS } });
    provider.onSend(sent);
    provider.onQuery(...(once === undefined ? [] : [once]), { status: 'not-found' });
    const { bridge, clock } = await world([provider]);
    await bridge.initiateTransaction(REQUEST);
    const result = await clock.runUntil(bridge.waitForTransaction('tx_123', { timeoutMs: 2 * DAY_MS }));
    expect(result).toMatchObject({ status: 'review', moneyMoved: 'maybe' });
  });

  it('where the reply was only lost, the same run is the proof that it is for this operator', async () => {
    const provider = createScriptedProvider({ timing: { notFoundIsProofAfterMs: PROOF_AFTER_MS } });
    provider.onSend(LOST);
    provider.onQuery({ status: 'not-found' });
    const { bridge, clock } = await world([provider]);
    await bridge.initiateTransaction(REQUEST);
    const result = await clock.runUntil(bridge.waitForTransaction('tx_123', { timeoutMs: DAY_MS }));
    expect(result).toMatchObject({ status: 'failed', reason: 'never-sent' });
  });
});

describe('a "not found" that proves something by its age', () => {
  const lost = async () => {
    const provider = createScriptedProvider({ timing: { notFoundIsProofAfterMs: PROOF_AFTER_MS } });
    provider.onSend(LOST);
    provider.onQuery({ status: 'not-found' });
    const made = await world([provider]);
    await made.bridge.initiateTransaction(REQUEST);
    return made;
  };

  it('is not taken for old because the wall clock leapt ahead', async () => {
    const { bridge, clock } = await lost();
    await clock.advance(MINUTE_MS);
    clock.jump(60 * MINUTE_MS);
    await clock.advance(PROOF_AFTER_MS - 2 * MINUTE_MS);
    expect(await bridge.getTransaction('tx_123')).toMatchObject({ status: 'pending', moneyMoved: 'maybe' });
    await clock.advance(8 * MINUTE_MS);
    expect((await bridge.getTransaction('tx_123')).status).toBe('failed');
  });

  it('is taken for old after a day, though no process lived long enough to measure a quarter of an hour', async () => {
    const journal = createMemoryJournal();
    const provider = createScriptedProvider({ timing: { notFoundIsProofAfterMs: PROOF_AFTER_MS } });
    provider.onSend(LOST);
    provider.onQuery({ status: 'not-found' });
    let { bridge, clock } = await world([provider], { journal });
    await bridge.initiateTransaction(REQUEST);
    const statuses: string[] = [];
    for (let hours = 0; hours < 36; hours++) {
      await clock.advance(5 * MINUTE_MS);
      await clock.runUntil(bridge.shutdown());
      await clock.advance(55 * MINUTE_MS);
      statuses.push((await bridge.getTransaction('tx_123')).status);
      ({ bridge, clock } = await world([provider], { journal, clock, seed: hours + 2 }));
    }
    expect(statuses.slice(0, 23)).not.toContain('failed');
    expect(statuses.at(-1)).toBe('failed');
  });

  it('is not taken for old by a process that has just started, with a wall clock that is ahead', async () => {
    const { bridge, clock, another } = await lost();
    await clock.runUntil(bridge.shutdown());
    clock.jump(60 * MINUTE_MS);
    const { bridge: next } = await another();
    await clock.advance(PROOF_AFTER_MS - MINUTE_MS);
    expect((await next.getTransaction('tx_123')).status).toBe('pending');
    await clock.advance(7 * MINUTE_MS);
    expect((await next.getTransaction('tx_123')).status).toBe('failed');
  });
});

describe('a request of which nothing is known', () => {
  it('goes out again, the same under the same reference, and ends paid', async () => {
    const provider = recognising();
    provider.onSend(LOST);
    provider.onQuery({ status: 'not-found' });
    const { bridge, clock } = await world([provider]);
    await bridge.initiateTransaction(PAYOUT);
    await clock.advance(5 * MINUTE_MS - 1);
    expect(provider.sends).toHaveLength(1);
    await clock.advance(MINUTE_MS);
    expect(provider.sends).toHaveLength(2);
    expect(provider.sends[1]).toEqual(provider.sends[0]);
    provider.onQuery(PAID);
    const result = await clock.runUntil(bridge.waitForTransaction('tx_123', { timeoutMs: DAY_MS }));
    expect(result).toMatchObject({ status: 'succeeded', attempts: [{ number: 1 }] });
    expect(result.evidence).toContainEqual(expect.objectContaining({ code: 'SENT_AGAIN', moneyMoved: 'maybe' }));
    expect(provider.sends).toHaveLength(2);
  });

  it('waits until the operator has answered once: questions that did not reach it are none', async () => {
    const provider = recognising();
    provider.onSend(LOST);
    let answer: Finding | Error = new TransportError('not-connected', 'refused');
    provider.onQuery(async () => {
      if (answer instanceof Error) throw answer;
      return answer;
    });
    const { bridge, clock } = await world([provider]);
    await bridge.initiateTransaction(PAYOUT);
    await clock.advance(7 * MINUTE_MS);
    expect(provider.sends).toHaveLength(1);
    // In the route's own rhythm, although none of them counts.
    expect(provider.queries.length).toBeGreaterThan(10);
    expect(provider.queries.length).toBeLessThan(35);
    answer = { status: 'not-found' };
    await clock.advance(4.5 * MINUTE_MS);
    expect(provider.sends).toHaveLength(2);
  });

  it('is not sent again after its window, though the wall clock was set back', async () => {
    const provider = recognising();
    provider.onSend(LOST);
    provider.onQuery(async () => Promise.reject(new TransportError('not-connected', 'refused')));
    const { bridge, clock } = await world([provider], { policy: { sendWithinMs: within(DAY_MS) } });
    await bridge.initiateTransaction(PAYOUT);
    await clock.advance(20 * MINUTE_MS);
    clock.jump(-14 * MINUTE_MS);
    provider.onQuery({ status: 'not-found' });
    await clock.advance(30 * MINUTE_MS);
    expect(provider.sends).toHaveLength(1);
  });

  it('is looked up and not sent a third time, once the second one is a duplicate', async () => {
    const provider = recognising();
    provider.onSend(LOST, TAKEN);
    provider.onQuery({ status: 'not-found' });
    const { bridge, clock } = await world([provider]);
    await bridge.initiateTransaction(PAYOUT);
    await clock.advance(30 * MINUTE_MS);
    expect(provider.sends).toHaveLength(2);
    provider.onQuery(PAID);
    expect((await clock.runUntil(bridge.waitForTransaction('tx_123', { timeoutMs: DAY_MS }))).status).toBe('succeeded');
  });

  it.each([
    ['refused with a listed code', new RejectedError('no float', 'float-exhausted')],
    ['never connected', new TransportError('not-connected', 'refused')],
    ['answered with a failure', { status: 'failed', reason: 'recipient-not-found' } as const],
    ['answered with rubbish', new UnexpectedResponseError('no JSON', { status: 500, body: '' })],
  ])(
    'is not called failed because the second one was %s: of the first one that says nothing',
    async (_what, second) => {
      const provider = recognising();
      const other = createScriptedProvider({ name: 'other', type: 'disbursement' });
      provider.onSend(LOST, second);
      provider.onQuery({ status: 'not-found' });
      const { bridge, clock } = await world([provider, other]);
      await bridge.initiateTransaction(PAYOUT);
      await clock.advance(8 * MINUTE_MS);
      expect(provider.sends).toHaveLength(2);
      expect(await bridge.getTransaction('tx_123')).toMatchObject({ status: 'pending', moneyMoved: 'maybe' });
      expect(other.sends).toHaveLength(0);
      provider.onQuery(PAID);
      expect((await clock.runUntil(bridge.waitForTransaction('tx_123', { timeoutMs: DAY_MS }))).status).toBe(
        'succeeded',
      );
    },
  );

  it('goes out three times at most, and never after its window', async () => {
    const provider = recognising();
    provider.onSend(LOST, LOST, LOST, LOST);
    provider.onQuery({ status: 'not-found' });
    const { bridge, clock } = await world([provider], { policy: { sendWithinMs: within(DAY_MS) } });
    await bridge.initiateTransaction(PAYOUT);
    await clock.advance(DAY_MS / 2);
    expect(provider.sends).toHaveLength(3);
  });

  it('is proven to be unknown only by what is said after the last send', async () => {
    const provider = recognising({ notFoundIsProofAfterMs: 7 * MINUTE_MS });
    provider.onSend(LOST, LOST, LOST);
    provider.onQuery({ status: 'not-found' });
    const { bridge, clock } = await world([provider]);
    await bridge.initiateTransaction(PAYOUT);
    await clock.advance(9 * MINUTE_MS);
    expect(provider.sends).toHaveLength(2);
    expect((await bridge.getTransaction('tx_123')).status).toBe('pending');
    const result = await clock.runUntil(bridge.waitForTransaction('tx_123', { timeoutMs: DAY_MS }));
    expect(result).toMatchObject({ status: 'failed', reason: 'never-sent' });
  });

  it.each([
    ['the route does not say so', createScriptedProvider({ type: 'disbursement', route: { deduplicates: true } }), {}],
    [
      'the operator takes a reference twice',
      createScriptedProvider({ type: 'disbursement', route: { resend: { afterMs: 1, untilMs: DAY_MS } } }),
      {},
    ],
    ['it would make no sense any more', recognising(), { sendWithinMs: within(2 * MINUTE_MS) }],
  ])('is never sent again where %s', async (_what, provider, policy) => {
    provider.onSend(LOST);
    provider.onQuery({ status: 'not-found' });
    const { bridge, clock } = await world([provider], { policy });
    await bridge.initiateTransaction(PAYOUT);
    await clock.advance(DAY_MS / 2);
    expect(provider.sends).toHaveLength(1);
  });

  it('is not sent again after a callback has spoken of it, whoever sent that', async () => {
    const provider = recognising();
    provider.onSend(LOST);
    provider.onQuery({ status: 'not-found' });
    const { bridge, clock, callback } = await world([provider]);
    await bridge.initiateTransaction(PAYOUT);
    await callback({ status: 'failed', reason: 'request-refused' });
    await clock.advance(DAY_MS / 2);
    expect(provider.sends).toHaveLength(1);
  });
});

function within(ms: number) {
  return { collection: ms, disbursement: ms, remittance: ms, refund: ms };
}

describe('a result that the operator vouches for, of an attempt that went out twice', () => {
  const vouchers = { ConversationID: 'AG_2' };
  const STANDS = { policy: { vouchedStandsAfterMs: 2 * MINUTE_MS } };

  it.each([
    [
      'a failure may be of the second request alone, and stands for nothing',
      { status: 'failed', reason: 'operator-refused' },
      'review',
    ],
    ['a success stands', PAID, 'succeeded'],
  ] as const)('%s', async (_what, finding, ends) => {
    const provider = recognising();
    provider.onSend(LOST, { status: 'pending', references: vouchers });
    provider.onQuery({ status: 'unknown' });
    const { bridge, clock, callback } = await world([provider], STANDS);
    await bridge.initiateTransaction(PAYOUT);
    await clock.advance(6 * MINUTE_MS);
    expect(provider.sends).toHaveLength(2);
    await callback(finding, { vouchers });
    expect((await clock.runUntil(bridge.waitForTransaction('tx_123', { timeoutMs: 2 * DAY_MS }))).status).toBe(ends);
  });
});
