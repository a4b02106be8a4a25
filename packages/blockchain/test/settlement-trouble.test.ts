import { createMemoryJournal, JournalError, type TransactionRecord } from '@canza/core';
import { MODEL_ASSETS, type ModelFault } from '@canza/core/testing';
import { describe, expect, it } from 'vitest';

import { settlementKinds } from '../src/index.ts';
import { fund, MINUTE_MS, REQUEST, SENDER, type World, world } from './settlement-world.ts';

const KINDS = settlementKinds('model');

/** Every transaction of the journal that ever had bytes. */
async function transactions({ journal }: World): Promise<readonly TransactionRecord[]> {
  const { entries } = await journal.list({ kind: KINDS.transactions, limit: 1000 });
  return entries.map(({ body }) => body as TransactionRecord).filter(({ builds }) => builds.length > 0);
}

/** What the recipient holds, and in how many transactions anything arrived, by the ledger's own books. */
const paid = ({ held, ledger }: World) => [
  held('acct:alice'),
  ledger.commits.filter(({ proofs }) => proofs.length > 0).length,
];
const ONCE = [500_000_000n, 1];

for (const slots of ['numbers', 'nonces'] as const) {
  describe(`with ${slots}, a settlement is paid once, and its record says so, when`, () => {
    for (const fault of [
      'reply-lost',
      'request-lost',
      'html-before',
      'html-after',
      'busy',
      'dropped',
    ] as ModelFault[]) {
      it(`a submission meets ${fault}`, async () => {
        const made = await world({ model: { slots } });
        made.chain.arm('submit', fault);
        const settled = await made.settle();
        expect(settled).toMatchObject({ status: 'settled', attempts: 1 });
        expect(paid(made)).toEqual(ONCE);
        expect((await transactions(made)).map(({ builds }) => builds.length)).toEqual([1]);
      });
    }

    for (const fault of ['reply-lost', 'request-lost', 'html-before', 'lagging'] as ModelFault[]) {
      it(`looks meet ${fault}`, async () => {
        const made = await world({ model: { slots } });
        await made.clock.advance(MINUTE_MS);
        made.chain.arm('look', fault, 3);
        expect((await made.settle()).status).toBe('settled');
        expect(paid(made)).toEqual(ONCE);
        expect(await transactions(made)).toHaveLength(1);
      });
    }

    for (const stage of ['estimate', 'ledger', 'nextSlot'] as const) {
      it(`the node does not answer at ${stage}, and nothing is sent until it does`, async () => {
        const made = await world({ model: { slots } });
        made.chain.arm(stage, 'request-lost', 2);
        const put = await made.clock.runUntil(made.service.settlePayment(REQUEST));
        expect(['no', 'maybe']).toContain(put.moneyMoved);
        expect(put.moneyMoved === 'no').toBe(made.chain.submissions.length === 0);
        await made.clock.runUntil(made.service.waitForSettlement(REQUEST.settlementId));
        expect(paid(made)).toEqual(ONCE);
      });
    }

    it('its transaction expires in the pool', async () => {
      const made = await world({ model: { slots } });
      made.ledger.hold();
      await made.clock.runUntil(made.service.settlePayment(REQUEST));
      await made.clock.advance(33_000);
      made.ledger.hold(false);
      const settled = await made.clock.runUntil(made.service.waitForSettlement(REQUEST.settlementId));
      expect(settled.status).toBe('settled');
      expect(paid(made)).toEqual(ONCE);
      const all = await transactions(made);
      // A number is kept by its transaction; a nonce is given up with it.
      expect(all).toHaveLength(slots === 'numbers' ? 1 : 2);
      expect(new Set(all.map(({ slot }) => slot)).size).toBe(all.length);
    });

    it('the ledger stands still for an hour: nothing else is built, and it goes through after', async () => {
      const made = await world({ model: { slots } });
      made.ledger.stop();
      await made.clock.runUntil(made.service.settlePayment(REQUEST));
      await made.clock.advance(60 * MINUTE_MS);
      const offered = made.chain.submissions.map(({ slot, validUntil }) => `${slot} until ${validUntil}`);
      expect(new Set(offered).size).toBe(1);
      expect(made.alerts.map(({ alert }) => alert)).toContain('transaction-stuck');
      made.ledger.stop(false);
      await made.clock.runUntil(made.service.waitForSettlement(REQUEST.settlementId));
      expect(paid(made)).toEqual(ONCE);
    });

    it('the clock of the machine is wrong by a day', async () => {
      const made = await world({ model: { slots } });
      made.ledger.hold();
      await made.clock.runUntil(made.service.settlePayment(REQUEST));
      const before = new Set(made.chain.submissions.map(({ hash }) => hash));
      await made.clock.advance(20_000);
      expect(new Set(made.chain.submissions.map(({ hash }) => hash)).size).toBeLessThanOrEqual(
        slots === 'numbers' ? 2 : 1,
      );
      expect(before.size).toBe(1);
      made.ledger.hold(false);
      await made.clock.runUntil(made.service.waitForSettlement(REQUEST.settlementId));
      expect(paid(made)).toEqual(ONCE);
    });

    it('a commit can still be undone for a while: it is settled when it cannot', async () => {
      const made = await world({ model: { slots }, chain: { finalAfterMs: 5000 } });
      await made.clock.runUntil(made.service.settlePayment(REQUEST));
      await made.clock.advance(3000);
      expect((await made.service.getSettlement(REQUEST.settlementId)).status).toBe('pending');
      expect((await made.clock.runUntil(made.service.waitForSettlement(REQUEST.settlementId))).status).toBe('settled');
      expect(paid(made)).toEqual(ONCE);
    });

    it('the journal does not answer for a while', async () => {
      const journal = createMemoryJournal();
      let away = false;
      const flaky = Object.assign(Object.create(journal) as typeof journal, {
        replace: async (...args: Parameters<typeof journal.replace>) => {
          if (away) throw new Error('gone');
          return journal.replace(...args);
        },
        read: async (...args: Parameters<typeof journal.read>) => {
          if (away) throw new Error('gone');
          return journal.read(...args);
        },
      });
      const made = await world({ journal: flaky, model: { slots } });
      await made.clock.runUntil(made.service.settlePayment(REQUEST));
      away = true;
      await made.clock.advance(30_000);
      away = false;
      await made.clock.runUntil(made.service.waitForSettlement(REQUEST.settlementId));
      expect(paid(made)).toEqual(ONCE);
    });
  });
}

describe('a transaction that takes long', () => {
  it('pays more under the same number, and one of the two is committed', async () => {
    const made = await world();
    made.ledger.hold();
    await made.clock.runUntil(made.service.settlePayment(REQUEST));
    await made.clock.advance(12_000);
    made.ledger.hold(false);
    const settled = await made.clock.runUntil(made.service.waitForSettlement(REQUEST.settlementId));
    const [transaction] = await transactions(made);
    expect(transaction?.builds.map(({ slot, fee }) => [slot, fee.unitPrice])).toEqual([
      ['0', '100'],
      ['0', '150'],
    ]);
    expect(settled.transactionHash).toBe(transaction?.builds[1]?.hash);
    expect(paid(made)).toEqual(ONCE);
  });
});

describe('an account that others use too', () => {
  it('loses a number to them: the settlement goes with another, and a person is told', async () => {
    const made = await world();
    made.ledger.stop();
    await made.clock.runUntil(made.service.settlePayment(REQUEST));
    for (const { hash } of made.chain.submissions) made.ledger.drop(hash);
    made.ledger.stop(false);
    made.ledger.useElsewhere(SENDER);
    const settled = await made.clock.runUntil(made.service.waitForSettlement(REQUEST.settlementId));
    expect(settled).toMatchObject({ status: 'settled', attempts: 2 });
    expect(made.alerts).toContainEqual({ alert: 'slot-used-by-another', sender: SENDER, slot: '0', by: '0xelse0' });
    expect(paid(made)).toEqual(ONCE);
  });

  it('that is ahead of us is caught up with', async () => {
    const made = await world();
    for (let times = 0; times < 3; times++) made.ledger.useElsewhere(SENDER);
    await made.settle();
    expect(paid(made)).toEqual(ONCE);
    expect((await transactions(made)).map(({ slot }) => slot)).toEqual(['3']);
  });
});

describe('a number that nobody has', () => {
  it('is used up, so that those behind it go through', async () => {
    const made = await world();
    const entry = await made.journal.read(KINDS.senders, SENDER);
    if (entry === undefined) throw new Error('no sender');
    const body = { ...(entry.body as object), next: '2', version: entry.version + 1 };
    await made.journal.replace({ ...entry, version: entry.version + 1, body }, 'a gap from outside');
    const settled = await made.settle();
    expect(settled.status).toBe('settled');
    expect(
      made.alerts.filter(({ alert }) => alert === 'gap-filled').map((alert) => 'slot' in alert && alert.slot),
    ).toEqual(['0', '1']);
    expect(paid(made)).toEqual(ONCE);
  });
});

describe('money that is not there', () => {
  it('for the fee: it is offered again, and a person is told', async () => {
    const made = await world();
    made.ledger.fund(SENDER, MODEL_ASSETS.fee.id, -made.ledger.balance(SENDER, MODEL_ASSETS.fee.id) + 1n);
    await made.clock.runUntil(made.service.settlePayment(REQUEST));
    await made.clock.advance(MINUTE_MS);
    expect(made.alerts).toContainEqual({ alert: 'cannot-pay-fee', sender: SENDER });
    fund(made.ledger, SENDER);
    await made.clock.runUntil(made.service.waitForSettlement(REQUEST.settlementId));
    expect(paid(made)).toEqual(ONCE);
  });

  it('for the amount: it waits for money, and fails with that reason when none comes', async () => {
    const made = await world();
    const amount = '2000000000.00';
    await made.clock.runUntil(made.service.settlePayment({ ...REQUEST, amount }));
    expect(await made.service.getSettlement(REQUEST.settlementId)).toMatchObject({
      status: 'created',
      moneyMoved: 'no',
    });
    expect(made.alerts).toContainEqual({ alert: 'balance-too-low', sender: SENDER, asset: 'asset:usd' });
    const ended = await made.clock.runUntil(
      made.service.waitForSettlement(REQUEST.settlementId, { timeoutMs: 120 * MINUTE_MS }),
    );
    expect(ended).toMatchObject({ status: 'failed', reason: 'insufficient-balance', moneyMoved: 'no' });
    expect(made.ledger.commits).toHaveLength(0);
  });
});

describe('a ledger that has forgotten', () => {
  it('leaves it to a person, who decides with what he knows', async () => {
    const made = await world({ model: { slots: 'nonces' } });
    made.chain.arm('look', 'request-lost', 40);
    await made.clock.runUntil(made.service.settlePayment(REQUEST));
    await made.clock.advance(2000);
    made.ledger.prune();
    const asked = made.service.waitForSettlement(REQUEST.settlementId, { timeoutMs: 120 * MINUTE_MS });
    expect(await made.clock.runUntil(asked)).toMatchObject({ status: 'review', moneyMoved: 'maybe' });
    expect(made.alerts).toContainEqual({ alert: 'needs-review', settlementId: REQUEST.settlementId });
    const decision = { status: 'settled', by: 'Ada', because: 'the explorer shows it' } as const;
    const withoutHash = made.service.resolveSettlement(REQUEST.settlementId, decision);
    await expect(withoutHash).rejects.toMatchObject({ field: 'transactionHash' });
    const hash = made.ledger.commits[0]?.hash ?? '';
    const decided = await made.service.resolveSettlement(REQUEST.settlementId, { ...decision, transactionHash: hash });
    expect(decided).toMatchObject({ status: 'settled', moneyMoved: 'yes', transactionHash: hash });
    const again = made.service.resolveSettlement(REQUEST.settlementId, { ...decision, status: 'failed' });
    await expect(again).rejects.toMatchObject({ code: 'INVALID_TRANSITION' });
    expect(paid(made)).toEqual(ONCE);
  });
});

describe('a journal that may have lost writes', () => {
  it('has lost that a settlement joined its transaction: a person has to look at what is left of it', async () => {
    const made = await world();
    made.chain.arm('submit', 'request-lost', 100);
    await made.clock.runUntil(made.service.settlePayment(REQUEST));
    await made.clock.runUntil(made.service.shutdown());
    const entry = await made.journal.read(KINDS.settlements, REQUEST.settlementId);
    if (entry === undefined) throw new Error('no settlement');
    const body = {
      ...(entry.body as object),
      status: 'created',
      moneyMoved: 'no',
      attempts: [],
      version: entry.version + 1,
    };
    const version = entry.version + 1;
    await made.journal.replace(
      { ...entry, version, body, dueAtMs: made.clock.nowMs() + MINUTE_MS },
      'what a failover left',
    );
    const other = await made.another();
    await other.clock.advance(5 * MINUTE_MS);
    const [lost] = (await transactions(other)).filter(({ status }) => status === 'review');
    expect(lost?.members).toEqual([REQUEST.settlementId]);
    expect(paid(other)[1]).toBeLessThanOrEqual(1);
  });
});

describe('a transaction of which the journal does not say whether it was stored', () => {
  it('may move money, and its settlement says so', async () => {
    const journal = createMemoryJournal();
    const made = await world({ policy: { insistForMs: 1000 }, journal });
    const { insert } = journal;
    Object.assign(journal, {
      insert: async (...args: Parameters<typeof insert>) => {
        const result = await insert.apply(journal, args);
        if (args[0].kind === KINDS.transactions) throw new JournalError('The answer is lost.', 'maybe');
        return result;
      },
    });
    const sent = await made.clock.runUntil(made.service.settlePayment(REQUEST));
    expect(sent).toMatchObject({ status: 'pending', moneyMoved: 'maybe', attempts: 1 });
    Object.assign(journal, { insert });
    await made.clock.runUntil(made.service.waitForSettlement(REQUEST.settlementId));
    expect(paid(made)).toEqual(ONCE);
  });
});

describe('copies of one machine, which draw the same', () => {
  it('give the transactions of different settlements different ids, and every one arrives once', async () => {
    const original = await world();
    const copy = await original.another({ seed: 1 });
    const settlements = [original, copy].map(async ({ service }, index) => {
      const settlementId = `settlement_${index}`;
      await service.settlePayment({ ...REQUEST, settlementId, toAddress: `acct:${index}` });
      return service.waitForSettlement(settlementId);
    });
    const ends = await original.clock.runUntil(Promise.all(settlements));
    expect(ends.map(({ status, moneyMoved }) => [status, moneyMoved])).toEqual([
      ['settled', 'yes'],
      ['settled', 'yes'],
    ]);
    expect([0, 1].map((index) => original.held(`acct:${index}`))).toEqual([500_000_000n, 500_000_000n]);
  });
});

describe('that a settlement joins a transaction', () => {
  it('is with other machines, where the journal waits for them, before its bytes are', async () => {
    const journal = createMemoryJournal();
    const written: string[] = [];
    const watched: typeof journal = Object.assign(Object.create(journal) as typeof journal, {
      replace: async (...args: Parameters<typeof journal.replace>) => {
        if (args[2]?.beforeSend === true) written.push(args[0].kind);
        return journal.replace(...args);
      },
      insert: async (...args: Parameters<typeof journal.insert>) => {
        if (args[2]?.beforeSend === true) written.push(args[0].kind);
        return journal.insert(...args);
      },
    });
    const made = await world({ journal: watched });
    await made.settle();
    expect(written).toEqual([KINDS.settlements, KINDS.transactions]);
  });
});

describe('bytes that are built again', () => {
  it('are with other machines, where the journal waits for them, before they are submitted', async () => {
    const journal = createMemoryJournal();
    const held: string[] = [];
    const watched: typeof journal = Object.assign(Object.create(journal) as typeof journal, {
      replace: async (...args: Parameters<typeof journal.replace>) => {
        const { builds } = args[0].body as Partial<TransactionRecord>;
        if (args[2]?.beforeSend === true && builds !== undefined)
          held.push(...builds.slice(-1).map(({ hash }) => hash));
        return journal.replace(...args);
      },
    });
    const made = await world({ journal: watched });
    made.chain.arm('submit', 'request-lost', 60);
    await made.settle();
    const [carried] = await transactions(made);
    expect(carried?.builds.length).toBeGreaterThan(1);
    expect(held).toEqual(carried?.builds.slice(1).map(({ hash }) => hash));
  });
});

describe('a settlement that no node takes', () => {
  it('fails once its number was used up, and is not tried for ever', async () => {
    const made = await world();
    const { submit } = made.chain.network;
    Object.assign(made.chain.network, {
      submit: async (...args: Parameters<typeof submit>) =>
        'purpose' in args[0] && args[0].purpose === 'void'
          ? submit(...args)
          : { status: 'refused', reason: 'malformed', code: 'vm_error/43', detail: 'No.' },
    });
    await made.clock.runUntil(made.service.settlePayment(REQUEST));
    await made.clock.advance(10 * MINUTE_MS);
    const ended = await made.service.getSettlement(REQUEST.settlementId);
    expect(ended).toMatchObject({ status: 'failed', reason: 'network-refused', moneyMoved: 'no', attempts: 1 });
  });
});

describe('a sender that is not configured any more', () => {
  it('keeps nobody from the others', async () => {
    const made = await world({ chain: { senders: ['acct:old'] } });
    await made.settle();
    await made.clock.runUntil(made.service.shutdown());
    const other = await made.another({ chain: { senders: ['acct:new'] } });
    for (const settlementId of ['s1', 's2']) {
      const sent = await other.clock.runUntil(other.service.settlePayment({ ...REQUEST, settlementId }));
      expect(sent).toMatchObject({ status: 'pending', fromAddress: 'acct:new' });
      await other.clock.advance(MINUTE_MS);
    }
  });
});

describe('a journal that lost a transaction that was submitted', () => {
  it('does not call its settlement unpaid: a person has to look', async () => {
    const made = await world();
    made.ledger.hold();
    await made.clock.runUntil(made.service.settlePayment(REQUEST));
    await made.clock.runUntil(made.service.shutdown());
    const entry = await made.journal.read(KINDS.settlements, REQUEST.settlementId);
    if (entry === undefined) throw new Error('no settlement');
    const left = createMemoryJournal();
    await left.insert({ ...entry, version: 1 }, 'what a failover left');
    await left.replace(entry, 'what a failover left');
    left.suspect(made.clock.nowMs(), 'A failover.');
    const other = await made.another({ journal: left });
    await other.clock.advance(5 * MINUTE_MS);
    made.ledger.hold(false);
    const kept = await other.service.getSettlement(REQUEST.settlementId);
    expect(kept).toMatchObject({ status: 'review', moneyMoved: 'maybe' });
    await left.safety.reconciled('Compared with the ledger.');
    await other.clock.advance(5 * MINUTE_MS);
    expect(paid(other)[1]).toBeLessThanOrEqual(1);
  });

  it('writes nothing over a build that took the number of the version that was lost', async () => {
    const journal = createMemoryJournal();
    let survived: ((record: TransactionRecord) => TransactionRecord) | undefined;
    const failedOver: typeof journal = Object.assign(Object.create(journal) as typeof journal, {
      read: async (...args: Parameters<typeof journal.read>) => {
        const entry = await journal.read(...args);
        if (entry === undefined || args[0] !== KINDS.transactions || survived === undefined) return entry;
        return { ...entry, body: survived(entry.body as TransactionRecord) };
      },
    });
    const made = await world({ journal: failedOver });
    made.chain.arm('submit', 'request-lost', 1000);
    await made.clock.runUntil(made.service.settlePayment(REQUEST));
    const [open] = await transactions(made);
    if (open === undefined) throw new Error('no transaction');
    survived = (record) => ({ ...record, builds: record.builds.map((build) => ({ ...build, hash: 'of-another' })) });
    const lost = Array.from({ length: 50 }, (_, index) => ({
      kind: KINDS.transactions,
      id: open.transactionId,
      version: index + 1,
    }));
    journal.suspect(made.clock.nowMs(), 'A failover.', lost);
    await made.clock.advance(2 * MINUTE_MS);
    const [kept] = await transactions(made);
    expect(kept?.builds.filter(({ hash, expired }) => hash === 'of-another' && expired === true)).toEqual([]);
  });

  it('does not take the slot of a build that was lost for used by somebody else', async () => {
    const journal = createMemoryJournal();
    const made = await world({ journal });
    made.chain.arm('submit', 'request-lost', 1000);
    await made.clock.runUntil(made.service.settlePayment(REQUEST));
    journal.suspect(made.clock.nowMs(), 'A failover.');
    made.ledger.useElsewhere(SENDER);
    await made.clock.advance(MINUTE_MS);
    const kept = await made.service.getSettlement(REQUEST.settlementId);
    expect(kept).toMatchObject({ status: 'review', moneyMoved: 'maybe' });
  });
});

describe('a sender that has as much open as the chain takes', () => {
  it('does not keep a process from following what others have left open', async () => {
    const made = await world({ model: { maxPendingPerSender: 1 }, batching: { maxDelayMs: 0 } });
    made.chain.arm('submit', 'request-lost', 1_000_000);
    await made.clock.runUntil(made.service.settlePayment(REQUEST));
    for (const settlementId of ['s1', 's2'])
      void made.service.settlePayment({ ...REQUEST, settlementId }).catch(() => undefined);
    // Those that wait fall due before the transaction that they wait for.
    await made.clock.advance(14_000);
    await made.clock.runUntil(made.service.shutdown({ timeoutMs: 7000 }).catch(() => undefined));
    const other = await made.another({ policy: { concurrency: 2 } });
    await other.clock.advance(10 * MINUTE_MS);
    expect(other.ledger.commits).toHaveLength(3);
  });

  it('does not keep the service from shutting down', async () => {
    const made = await world({ model: { maxPendingPerSender: 1 }, batching: { maxDelayMs: 0 } });
    made.ledger.hold();
    await made.clock.runUntil(made.service.settlePayment(REQUEST));
    const waiting = made.service.settlePayment({ ...REQUEST, settlementId: 's1' });
    await made.clock.advance(100);
    await made.clock.runUntil(made.service.shutdown());
    expect(await waiting).toMatchObject({ status: 'created', moneyMoved: 'no' });
    expect(made.clock.pendingTimers).toBe(0);
  });
});

describe('several senders', () => {
  it('carry more than one could have open', async () => {
    const senders = ['acct:one', 'acct:two', 'acct:three'];
    const made = await world({ chain: { senders }, model: { maxPendingPerSender: 2 }, batching: { maxDelayMs: 0 } });
    made.ledger.hold();
    const lines = Array.from({ length: 6 }, (_, index) => ({ ...REQUEST, settlementId: `s${index}` }));
    const sent = Promise.all(lines.map((line) => made.service.settlePayment(line)));
    await made.clock.runUntil(sent);
    expect(made.ledger.pending.map(({ transaction }) => transaction.sender).toSorted()).toEqual(
      [...senders, ...senders].toSorted(),
    );
    made.ledger.hold(false);
    await made.clock.runUntil(
      Promise.all(lines.map(({ settlementId }) => made.service.waitForSettlement(settlementId))),
    );
    expect(made.held('acct:alice')).toBe(3_000_000_000n);
  });

  it('that have as much open as the chain takes let others wait, and take them up after', async () => {
    const made = await world({ model: { maxPendingPerSender: 2 }, batching: { maxDelayMs: 0 } });
    const lines = Array.from({ length: 7 }, (_, index) => ({ ...REQUEST, settlementId: `s${index}` }));
    await made.clock.runUntil(Promise.all(lines.map((line) => made.service.settlePayment(line))));
    await made.clock.runUntil(
      Promise.all(lines.map(({ settlementId }) => made.service.waitForSettlement(settlementId))),
    );
    expect(made.ledger.commits).toHaveLength(7);
    expect((await transactions(made)).map(({ slot }) => Number(slot)).toSorted((left, right) => left - right)).toEqual([
      0, 1, 2, 3, 4, 5, 6,
    ]);
  });
});

describe('what the service reports', () => {
  it('counts, latency, fees and what is open', async () => {
    const made = await world();
    await made.settle();
    made.ledger.freeze('acct:frozen');
    await made.settle({ settlementId: 'f', toAddress: 'acct:frozen' });
    expect(made.service.metrics()).toMatchObject({
      accepted: 2,
      settled: 1,
      failed: 1,
      inReview: 0,
      retried: 0,
      transactions: { stored: 1, committed: 1, aborted: 0, dead: 0, rebuilt: 0, open: 0, oldestOpenMs: 0, stuck: 0 },
      feesPaid: '7500',
      feePerSettlement: '7500',
      latencyMs: { samples: 1 },
    });
    expect(made.service.metrics().latencyMs.p50).toBeGreaterThan(100);
  });

  it('many failures among the last, once', async () => {
    const made = await world({ alerts: { failuresInHundred: 3 } });
    made.ledger.freeze('acct:frozen');
    for (let index = 0; index < 5; index++) await made.settle({ settlementId: `f${index}`, toAddress: 'acct:frozen' });
    expect(made.alerts.filter(({ alert }) => alert === 'many-failures')).toEqual([
      { alert: 'many-failures', failures: 3, among: 3 },
    ]);
  });

  it('a fee above what one settlement may cost', async () => {
    const made = await world({ alerts: { feePerSettlement: 7499n } });
    await made.settle();
    expect(made.alerts).toMatchObject([{ alert: 'fee-too-high', feePerSettlement: '7500' }]);
  });

  it('every change of a settlement, in order', async () => {
    const made = await world();
    await made.settle();
    expect(made.changes.map(({ status, moneyMoved }) => [status, moneyMoved])).toEqual([
      ['created', 'no'],
      ['pending', 'maybe'],
      ['settled', 'yes'],
    ]);
    const page = await made.service.findSettlements({ status: 'settled' });
    expect(page.settlements.map(({ settlementId }) => settlementId)).toEqual([REQUEST.settlementId]);
  });
});

describe('shutdown', () => {
  it('sends what is gathered, leaves what is open to others, and no timer behind', async () => {
    const made = await world({ batching: { maxDelayMs: 60_000 } });
    const other = await made.another({ batching: { maxDelayMs: 20 } });
    const sent = made.service.settlePayment(REQUEST);
    await made.clock.advance(10);
    expect(made.chain.submissions).toHaveLength(0);
    await made.clock.runUntil(made.service.shutdown());
    expect((await sent).status).toBe('pending');
    const settled = await other.clock.runUntil(other.service.waitForSettlement(REQUEST.settlementId));
    expect(settled.status).toBe('settled');
    expect(paid(made)).toEqual(ONCE);
  });
});
