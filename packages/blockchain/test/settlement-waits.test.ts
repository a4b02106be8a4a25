import { describe, expect, it } from 'vitest';

import { REQUEST, world } from './settlement-world.ts';

const DONE = { status: 'settled', moneyMoved: 'yes' };

describe('a node that is away for a moment while a sender is opened', () => {
  it('does not keep the next settlement from being sent', async () => {
    const made = await world();
    made.chain.arm('nextSlot', 'request-lost');
    const put = await made.clock.runUntil(made.service.settlePayment(REQUEST));
    expect(put).toMatchObject({ status: 'created', moneyMoved: 'no', evidence: [{ code: 'TRANSPORT' }] });
    const next = made.clock.runUntil(made.service.settlePayment({ ...REQUEST, settlementId: 's2' }));
    const startedMs = made.clock.nowMs();
    expect(await next).toMatchObject({ status: 'pending' });
    expect(made.clock.nowMs() - startedMs).toBeLessThan(1000);
    expect(await made.clock.runUntil(made.service.waitForSettlement(REQUEST.settlementId))).toMatchObject(DONE);
    expect(made.held('acct:alice')).toBe(1_000_000_000n);
  });

  it('does not keep other processes from the sender either', async () => {
    const made = await world();
    const other = await made.another();
    made.chain.arm('nextSlot', 'request-lost');
    await made.clock.runUntil(made.service.settlePayment(REQUEST));
    const startedMs = made.clock.nowMs();
    await made.clock.runUntil(other.service.settlePayment({ ...REQUEST, settlementId: 's2' }));
    expect(made.clock.nowMs() - startedMs).toBeLessThan(1000);
    await made.clock.runUntil(made.service.waitForSettlement(REQUEST.settlementId));
    expect(made.ledger.commits).toHaveLength(2);
  });

  it('and answers nothing at all: it is asked for as long as a question may take, and not for ever', async () => {
    const made = await world({ policy: { queryTimeoutMs: 2000 } });
    const { nextSlot } = made.chain.network;
    Object.assign(made.chain.network, { nextSlot: () => new Promise<never>(() => undefined) });
    const put = await made.clock.runUntil(made.service.settlePayment(REQUEST));
    expect(put).toMatchObject({ status: 'created', evidence: [{ code: 'DEADLINE_EXCEEDED' }] });
    Object.assign(made.chain.network, { nextSlot });
    expect(await made.clock.runUntil(made.service.waitForSettlement(REQUEST.settlementId))).toMatchObject(DONE);
  });
});

describe('a settlement for which no transaction may be opened', () => {
  it('is put off after a while, and sent once another has ended', async () => {
    const made = await world({ policy: { maxOpenTransactions: 1 }, batching: { maxDelayMs: 0 } });
    made.ledger.hold();
    await made.clock.runUntil(made.service.settlePayment(REQUEST));
    const startedMs = made.clock.nowMs();
    const put = await made.clock.runUntil(made.service.settlePayment({ ...REQUEST, settlementId: 's2' }));
    expect(put).toMatchObject({ status: 'created', moneyMoved: 'no', evidence: [{ code: 'DEADLINE_EXCEEDED' }] });
    expect(made.clock.nowMs() - startedMs).toBeLessThan(30_000);
    made.ledger.hold(false);
    for (const id of [REQUEST.settlementId, 's2']) {
      expect(await made.clock.runUntil(made.service.waitForSettlement(id))).toMatchObject(DONE);
    }
    expect(made.ledger.commits.filter(({ proofs }) => proofs.length > 0)).toHaveLength(2);
  });

  it('takes the place of one that has waited for too long, when another ends', async () => {
    const made = await world({ policy: { maxOpenTransactions: 1 }, batching: { maxDelayMs: 0 } });
    made.ledger.hold();
    await made.clock.runUntil(made.service.settlePayment(REQUEST));
    const early = made.service.settlePayment({ ...REQUEST, settlementId: 's2' });
    await made.clock.advance(15_000);
    const late = made.service.settlePayment({ ...REQUEST, settlementId: 's3' });
    await made.clock.advance(6000);
    expect(await early).toMatchObject({ status: 'created' });
    made.ledger.hold(false);
    const startedMs = made.clock.nowMs();
    expect(await made.clock.runUntil(late)).toMatchObject({ status: 'pending' });
    expect(made.clock.nowMs() - startedMs).toBeLessThan(12_000);
    await made.clock.runUntil(made.service.waitForSettlement('s2'));
  });

  it('does not keep the service from shutting down', async () => {
    const made = await world({ policy: { maxOpenTransactions: 1 }, batching: { maxDelayMs: 0 } });
    made.ledger.hold();
    await made.clock.runUntil(made.service.settlePayment(REQUEST));
    const waiting = made.service.settlePayment({ ...REQUEST, settlementId: 's2' });
    await made.clock.advance(100);
    await made.clock.runUntil(made.service.shutdown());
    expect(['created', 'pending']).toContain((await waiting).status);
    expect(made.clock.pendingTimers).toBe(0);
  });
});
