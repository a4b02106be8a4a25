import { settlementKinds } from '@canza/blockchain';
import { createMemoryJournal, type HttpRequest, type TransactionRecord } from '@canza/core';
import type { Fault } from '@canza/sandbox';
import { afterEach, describe, expect, it } from 'vitest';

import {
  recipient,
  request,
  type SettlementChain,
  startSettlementChain,
  TREASURY,
  USDC,
  usd,
} from './support/settlement-chain.ts';

let chain: SettlementChain | undefined;

async function open(...args: Parameters<typeof startSettlementChain>): Promise<SettlementChain> {
  chain = await startSettlementChain(...args);
  return chain;
}

afterEach(async () => {
  chain?.audit();
  await chain?.close();
  chain = undefined;
});

/** Every transaction of the journal that ever had bytes. */
async function transactions({ journal }: SettlementChain): Promise<readonly TransactionRecord[]> {
  const { entries } = await journal.list({ kind: settlementKinds('aptos-4').transactions, limit: 100 });
  return entries.map(({ body }) => body as TransactionRecord).filter(({ builds }) => builds.length > 0);
}

const isLook = ({ url }: HttpRequest): boolean => url.includes('by_hash');

const FAULTS: Record<string, Fault> = {
  'its submission is taken and the reply is lost': { stage: 'submit', kind: 'reply-lost' },
  'its submission is lost': { stage: 'submit', kind: 'request-lost' },
  'a gateway answers its submission with HTML, and the node has it': { stage: 'submit', kind: 'html', accepted: true },
  'a gateway answers its submission with HTML, and the node has it not': {
    stage: 'submit',
    kind: 'html',
    accepted: false,
  },
  'a lagging replica answers 404 for its hash, three times': {
    stage: 'chain',
    kind: 'lagging-node',
    match: isLook,
    times: 3,
  },
  'the node drops it from its pool': { stage: 'chain', kind: 'dropped' },
  'the pool is full': { stage: 'chain', kind: 'mempool-full', times: 2 },
  'the ledger stands still for a while': { stage: 'chain', kind: 'ledger-stopped', delayMs: 1500 },
  'the simulation is answered with HTML': { stage: 'query', kind: 'html', operation: 'simulate', times: 2 },
  'looks are throttled': { stage: 'query', kind: 'throttled', match: isLook, times: 3 },
};

describe('a settlement on Aptos is paid once, and its record says so,', () => {
  for (const [what, fault] of Object.entries(FAULTS)) {
    it(`when ${what}`, async () => {
      const on = await open();
      const service = await on.start();
      on.server.emulator.faults.add(fault);
      await service.settlePayment(request(1));
      const settled = await service.waitForSettlement('s1', { timeoutMs: 15_000 });
      expect(settled).toMatchObject({ status: 'settled', moneyMoved: 'yes' });
      expect([on.held(1), on.arrivals(1)]).toEqual([usd(500), 1]);
      expect(await transactions(on)).toHaveLength(1);
      expect(on.server.emulator.faults.list()).toEqual([]);
    });
  }

  for (const replayProtection of ['sequence', 'orderless'] as const) {
    it(`when its transaction expires in the pool (${replayProtection}), and is built again after the proof`, async () => {
      const on = await open();
      const service = await on.start({}, { replayProtection, expirySeconds: 30 });
      on.server.emulator.faults.add({ stage: 'chain', kind: 'held' });
      await service.settlePayment(request(1));
      const [first] = await transactions(on);
      on.server.emulator.chain.setAhead(31_000);
      const settled = await service.waitForSettlement('s1', { timeoutMs: 15_000 });
      expect(settled.status).toBe('settled');
      expect(settled.transactionHash).not.toBe(first?.builds[0]?.hash);
      expect([on.held(1), on.arrivals(1)]).toEqual([usd(500), 1]);
      const all = await transactions(on);
      const ends = new Map(all.map(({ slot, status }) => [slot, status]));
      expect([...ends.values()].filter((status) => status === 'committed')).toHaveLength(1);
      // A number is kept until it is used; a nonce is given up with its transaction.
      expect(ends.size === 1).toBe(replayProtection === 'sequence');
    });
  }

  it('when somebody else uses the account at the same time', async () => {
    const on = await open();
    const alerts: string[] = [];
    const service = await on.start();
    service.on('alert', ({ alert }) => void alerts.push(alert));
    // The stranger has a journal of his own, and knows nothing of ours.
    const stranger = await on.start({ journal: createMemoryJournal(), batching: { maxDelayMs: 0 } });
    const ours = Array.from({ length: 6 }, (_, index) => request(index));
    const theirs = Array.from({ length: 6 }, (_, index) => request(100 + index));
    const both = await Promise.all([
      ...ours.map(async (line) => {
        await service.settlePayment(line);
        return service.waitForSettlement(line.settlementId, { timeoutMs: 18_000 });
      }),
      ...theirs.map(async (line) => {
        await stranger.settlePayment(line);
        return stranger.waitForSettlement(line.settlementId, { timeoutMs: 18_000 });
      }),
    ]);
    expect(both.map(({ status }) => status)).toEqual(both.map(() => 'settled'));
    expect([...ours, ...theirs].map(({ settlementId }) => on.arrivals(Number(settlementId.slice(1))))).toEqual(
      both.map(() => 1),
    );
    expect(on.server.emulator.chain.sequenceNumber(TREASURY)).toBeGreaterThanOrEqual(7n);
  });

  it('when a number before its own has no transaction', async () => {
    const on = await open();
    const alerts: string[] = [];
    const service = await on.start({ policy: { gapAfterMs: 300 } }, { expirySeconds: 30 });
    service.on('alert', ({ alert }) => void alerts.push(alert));
    const kind = settlementKinds('aptos-4').senders;
    const entry = await on.journal.read(kind, TREASURY);
    if (entry === undefined) throw new Error('The sender is not in the journal.');
    const body = { ...(entry.body as object), version: entry.version + 1, next: '1' };
    await on.journal.replace({ ...entry, version: entry.version + 1, body }, 'a gap from outside');
    await service.settlePayment(request(1));
    await new Promise((resolve) => void setTimeout(resolve, 400));
    await service.settlePayment(request(2));
    const all = await Promise.all(['s1', 's2'].map((id) => service.waitForSettlement(id, { timeoutMs: 15_000 })));
    expect(all.map(({ status }) => status)).toEqual(['settled', 'settled']);
    expect(alerts).toContain('gap-filled');
    expect([on.arrivals(1), on.arrivals(2)]).toEqual([1, 1]);
  });
});

describe('one frozen recipient among a hundred', () => {
  it('fails alone, and the others are paid once each', async () => {
    const on = await open();
    const service = await on.start();
    const lines = Array.from({ length: 100 }, (_, index) => request(index, { amount: '1.00' }));
    on.server.emulator.chain.setFrozen(USDC, recipient(37), true);
    await Promise.all(lines.map((line) => service.settlePayment(line)));
    const all = await Promise.all(
      lines.map(({ settlementId }) => service.waitForSettlement(settlementId, { timeoutMs: 18_000 })),
    );
    expect(all.filter(({ status }) => status !== 'settled')).toMatchObject([
      { settlementId: 's37', status: 'failed', reason: 'recipient-refused', moneyMoved: 'no' },
    ]);
    expect(lines.map((_, index) => on.arrivals(index))).toEqual(lines.map((_, index) => (index === 37 ? 0 : 1)));
  });

  it('that is frozen only after the simulation, too', async () => {
    const on = await open();
    const service = await on.start();
    const lines = Array.from({ length: 100 }, (_, index) => request(index, { amount: '1.00' }));
    service.on('transaction.changed', ({ from }) => {
      // Stored, and not submitted yet.
      if (from === undefined) on.server.emulator.chain.setFrozen(USDC, recipient(37), true);
    });
    await Promise.all(lines.map((line) => service.settlePayment(line)));
    const all = await Promise.all(
      lines.map(({ settlementId }) => service.waitForSettlement(settlementId, { timeoutMs: 18_000 })),
    );
    expect(all.filter(({ status }) => status !== 'settled')).toMatchObject([
      { settlementId: 's37', status: 'failed', reason: 'recipient-refused', moneyMoved: 'no' },
    ]);
    expect(lines.map((_, index) => on.arrivals(index))).toEqual(lines.map((_, index) => (index === 37 ? 0 : 1)));
    expect((await transactions(on)).some(({ status }) => status === 'aborted')).toBe(true);
  });
});
