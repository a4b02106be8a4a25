import {
  attemptReference,
  createMemoryJournal,
  type Finding,
  type QueryRequest,
  RateLimitError,
  TransportError,
} from '@canza/core';
import { createScriptedProvider, type ScriptedProvider } from '@canza/core/testing';
import { describe, expect, it } from 'vitest';

import { DAY_MS, MINUTE_MS, PAID, REQUEST, world } from '../../test/bridge-world.ts';
import { operatorId } from '../directory/index.ts';
import { type BridgePolicy, DEFAULT_POLICY } from './policy.ts';

const LOST = new TransportError('timeout', 'no reply');
const NOT_FOUND = { status: 'not-found' } as const;
const PROOF_AFTER_MS = 15 * MINUTE_MS;
const HOUR_MS = 60 * MINUTE_MS;

/** A way whose operator takes a reference once, and knows for sure after a quarter of an hour what it never had. */
const way = (name: string, settings: { type?: 'disbursement'; operator?: string } = {}): ScriptedProvider => {
  const { operator, ...rest } = settings;
  return createScriptedProvider({
    ...rest,
    name,
    route: { deduplicates: true, ...(operator === undefined ? {} : { operator }) },
    timing: { notFoundIsProofAfterMs: PROOF_AFTER_MS },
  });
};

/** A payment over the first way whose reply is lost; then the journal fails over. */
async function doubtful(ways: readonly ScriptedProvider[], request = REQUEST) {
  const journal = createMemoryJournal();
  ways[0]?.onSend(LOST);
  for (const each of ways) each.onQuery(NOT_FOUND);
  const made = await world(ways, { journal, routing: { explorationShare: 0 } });
  await made.bridge.initiateTransaction(request);
  const first = ways.find(({ sends }) => sends.length > 0);
  journal.suspect(made.clock.nowMs(), 'a replica took over');
  const end = () => made.clock.runUntil(made.bridge.waitForTransaction('tx_123', { timeoutMs: 3 * DAY_MS }));
  return { ...made, journal, first, others: ways.filter((each) => each !== first), end };
}

const isAbout = (number: number) => (request: QueryRequest) => request.reference === attemptReference('tx_123', number);

describe('an attempt that the journal may have lost', () => {
  it('is asked about where it may have gone, under the reference that it must have had: paid there, it is paid', async () => {
    const { others, end } = await doubtful([way('first'), way('second')]);
    const [other] = others;
    other?.onQuery(async (request) => (isAbout(2)(request) ? PAID : NOT_FOUND));
    expect(await end()).toMatchObject({ status: 'succeeded', attempts: [{ moneyMoved: 'no' }, { moneyMoved: 'yes' }] });
    expect(other?.sends).toHaveLength(0);
  });

  it('is proven not to have been made by every way that it may have gone, each in its own time, and nothing is sent', async () => {
    const { bridge, clock, others, first, end } = await doubtful([way('first'), way('second')]);
    await clock.advance(PROOF_AFTER_MS + 5 * MINUTE_MS);
    expect(await bridge.getTransaction('tx_123')).toMatchObject({ status: 'pending', moneyMoved: 'maybe' });
    await clock.advance(PROOF_AFTER_MS - 4 * MINUTE_MS);
    expect(await end()).toMatchObject({ status: 'failed', reason: 'never-sent', moneyMoved: 'no' });
    expect(others[0]?.queries.some(isAbout(2))).toBe(true);
    expect([first?.sends.length, others[0]?.sends.length]).toEqual([1, 0]);
  });

  it('is asked about also where the proof of the one before it comes after the books were compared', async () => {
    const { clock, journal, first, others, end } = await doubtful([way('first'), way('second')]);
    first?.onQuery({ status: 'unknown' });
    await clock.advance(2 * HOUR_MS);
    await journal.safety.reconciled('nothing missing');
    first?.onQuery(NOT_FOUND);
    const [other] = others;
    other?.onQuery(async (request) => (isAbout(2)(request) ? PAID : NOT_FOUND));
    expect(await end()).toMatchObject({ status: 'succeeded', attempts: [{ moneyMoved: 'no' }, { moneyMoved: 'yes' }] });
    expect(other?.sends).toHaveLength(0);
  });

  it('cannot have been made where there is one way alone and its operator says that the payment failed there', async () => {
    const { first, end } = await doubtful([way('only')]);
    first?.onQuery({ status: 'failed', reason: 'float-exhausted' });
    expect(await end()).toMatchObject({ status: 'failed', reason: 'float-exhausted' });
  });

  it('is a person’s matter where there are too many ways to be sure', async () => {
    const { end } = await doubtful([way('first'), way('second'), way('third'), way('fourth')]);
    expect(await end()).toMatchObject({ status: 'review', moneyMoved: 'maybe' });
  });

  it('is a person’s matter where a way that it may have gone is not configured any more', async () => {
    const ways = [way('first'), way('second')];
    const { bridge, clock, journal, first } = await doubtful(ways);
    await clock.runUntil(bridge.shutdown());
    const { bridge: next } = await world(first === undefined ? [] : [first], { journal, clock, seed: 2 });
    const result = await clock.runUntil(next.waitForTransaction('tx_123', { timeoutMs: 3 * DAY_MS }));
    expect(result).toMatchObject({ status: 'review', moneyMoved: 'maybe' });
  });

  it('is a person’s matter where the next one would have gone to another operator', async () => {
    const payout = { ...REQUEST, type: 'disbursement' } as const;
    const [mpesa, airtel] = (['M-Pesa', 'Airtel Money'] as const).map((brand) =>
      way(brand, { type: 'disbursement', operator: operatorId('KE', brand) }),
    ) as [ScriptedProvider, ScriptedProvider];
    const journal = createMemoryJournal();
    const { bridge, clock } = await world([mpesa, airtel], { journal });
    let told: Finding = PAID;
    for (const each of [mpesa, airtel]) each.onQuery(async () => told);
    await bridge.initiateTransaction({ ...payout, transactionId: 'before', operator: airtel.route.operator });
    await clock.advance(MINUTE_MS);
    expect((await bridge.planRoute(payout)).routes).toHaveLength(2);
    await bridge.initiateTransaction(payout);
    journal.suspect(clock.nowMs(), 'a replica took over');
    told = { status: 'failed', reason: 'recipient-not-found' };
    const result = await clock.runUntil(bridge.waitForTransaction('tx_123', { timeoutMs: DAY_MS }));
    expect(result).toMatchObject({ status: 'review', moneyMoved: 'maybe' });
  });

  it('stays a person’s matter once the books were compared: nothing but a payment ends it then', async () => {
    const ways = ['first', 'second', 'third', 'fourth'].map((name) => way(name));
    const { bridge, clock, journal, first, end, callback } = await doubtful(ways);
    expect((await end()).status).toBe('review');
    await journal.safety.reconciled('nothing missing');
    let told: Finding = { status: 'failed', reason: 'operator-refused' };
    // The answer before these is given once more.
    first?.onQuery(async () => told);
    for (let asked = 0; asked < 2; asked++) {
      await callback({ status: 'failed', reason: 'operator-refused' });
      await clock.advance(MINUTE_MS);
    }
    expect((await bridge.getTransaction('tx_123')).status).toBe('review');
    told = PAID;
    await callback(PAID);
    await clock.advance(MINUTE_MS);
    expect((await bridge.getTransaction('tx_123')).status).toBe('succeeded');
  });
});

describe('what waited to be sent when the journal failed over', () => {
  const waiting = async (ways: readonly ScriptedProvider[], policy: Partial<BridgePolicy> = {}) => {
    const journal = createMemoryJournal();
    for (const each of ways) each.onSend(new RateLimitError('busy', { retryAfterMs: 30_000 }));
    for (const each of ways) each.onQuery(NOT_FOUND);
    const made = await world(ways, { journal, policy });
    await made.bridge.initiateTransaction(REQUEST);
    journal.suspect(made.clock.nowMs(), 'a replica took over');
    const end = () => made.clock.runUntil(made.bridge.waitForTransaction('tx_123', { timeoutMs: 3 * DAY_MS }));
    return { ...made, journal, end };
  };

  it('is looked up under the reference that would have gone out again, and failed once the operator is sure', async () => {
    const only = way('only');
    const { end } = await waiting([only]);
    expect(await end()).toMatchObject({ status: 'failed', reason: 'never-sent' });
    expect(only.queries.every(isAbout(1))).toBe(true);
    expect(only.sends).toHaveLength(1);
  });

  it('is found paid where it had been sent', async () => {
    const only = way('only');
    const { end } = await waiting([only]);
    only.onQuery(PAID);
    expect(await end()).toMatchObject({ status: 'succeeded' });
    expect(only.sends).toHaveLength(1);
  });

  it('is not sent once the books were compared in the middle of that', async () => {
    const resend = { afterMs: 2 * MINUTE_MS, untilMs: 14 * MINUTE_MS };
    const timing = { notFoundIsProofAfterMs: PROOF_AFTER_MS };
    const only = createScriptedProvider({ name: 'only', route: { deduplicates: true, resend }, timing });
    const sendWithinMs = { ...DEFAULT_POLICY.sendWithinMs, collection: 15 * MINUTE_MS };
    const { clock, journal, end } = await waiting([only], { sendWithinMs });
    await clock.advance(5 * MINUTE_MS);
    await journal.safety.reconciled('nothing missing');
    expect(await end()).toMatchObject({ status: 'failed' });
    expect(only.sends).toHaveLength(1);
  });
});
