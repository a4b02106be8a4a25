import {
  createMemoryJournal,
  type Finding,
  InvalidRequestError,
  type Journal,
  type JournalEntry,
  type PaymentRecord,
  RateLimitError,
  TransportError,
} from '@canza/core';
import { createScriptedProvider, type ScriptedProvider } from '@canza/core/testing';
import { describe, expect, it } from 'vitest';

import { DAY_MS, PAID, REQUEST, type World, world } from '../../test/bridge-world.ts';
import type { BatchResult } from './batch.ts';
import type { TransactionRequest } from './transaction-request.ts';

const paidWith = (receipt: string, amountMinor = 100_000n): Finding => ({
  status: 'succeeded',
  receipt,
  money: { currency: 'KES', amountMinor },
});

/** A bridge with one collection of KES 1000.00 that was paid, and a way to give it back. */
async function paidWorld(
  journal: Journal = createMemoryJournal(),
  deduplicates = false,
): Promise<World & { readonly refunds: ScriptedProvider }> {
  const provider = createScriptedProvider({ name: 'mpesa' });
  const refunds = createScriptedProvider({ name: 'mpesa', type: 'refund', route: { decimals: 2, deduplicates } });
  provider.onQuery(paidWith('NLJ7RT61SV'));
  refunds.onQuery({ status: 'pending' });
  const both: ScriptedProvider = {
    ...provider,
    factory: (environment) => {
      const [collecting, refunding] = [provider.factory(environment), refunds.factory(environment)];
      return {
        ...collecting,
        routes: [...collecting.routes, ...refunding.routes],
        refund: (request, options) => refunding.refund(request, options),
        query: (request, options) => (request.route.type === 'refund' ? refunding : collecting).query(request, options),
      };
    },
  };
  const made = await world([both], { journal });
  await made.bridge.initiateTransaction(REQUEST);
  await made.clock.runUntil(made.bridge.waitForTransaction('tx_123'));
  return { ...made, refunds };
}

describe('a refund', () => {
  const refund = { transactionId: 'refund_1', originalTransactionId: 'tx_123' };

  it('is not made new while the journal may have forgotten others of the same payment, whose sum nobody knows then', async () => {
    const journal = createMemoryJournal();
    const { bridge, clock, refunds } = await paidWorld(journal, true);
    const first = await bridge.refundTransaction({ ...refund, amount: '400.00' });
    journal.suspect(clock.nowMs(), 'a replica took over');
    expect(await bridge.refundTransaction({ ...refund, amount: '400.00' })).toEqual(first);
    await expect(bridge.refundTransaction({ ...refund, transactionId: 'refund_2' })).rejects.toMatchObject({
      code: 'JOURNAL_UNAVAILABLE',
      moneyMoved: 'no',
    });
    expect(refunds.sends).toHaveLength(1);
  });

  it('is a payment of its own that names the original, which stays succeeded', async () => {
    const { bridge, clock, refunds } = await paidWorld();
    refunds.onQuery({ status: 'succeeded' });
    const told = await bridge.refundTransaction(refund);
    expect(told).toMatchObject({
      type: 'refund',
      amount: '1000.00',
      status: 'pending',
      originalTransactionId: 'tx_123',
    });
    expect(refunds.sends[0]?.original).toMatchObject({ receipt: 'NLJ7RT61SV', money: { amountMinor: 100_000n } });
    await clock.advance(60_000);
    expect((await bridge.getTransaction('tx_123')).status).toBe('succeeded');
  });

  it('asked for twice is sent once; under the same id for another amount it is an error', async () => {
    const { bridge, refunds } = await paidWorld();
    const first = await bridge.refundTransaction({ ...refund, amount: '400.00' });
    expect(await bridge.refundTransaction({ ...refund, amount: '400' })).toEqual(first);
    await expect(bridge.refundTransaction({ ...refund, amount: '401' })).rejects.toMatchObject({
      code: 'IDEMPOTENCY_CONFLICT',
    });
    expect(refunds.sends).toHaveLength(1);
  });

  it('never gives back more than was paid, also when twenty are asked for at once', async () => {
    const { bridge, refunds } = await paidWorld();
    const all = await Promise.allSettled(
      Array.from({ length: 20 }, (_, index) =>
        bridge.refundTransaction({ ...refund, transactionId: `refund_${index}`, amount: '300.00' }),
      ),
    );
    expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);
    expect(refunds.sends).toHaveLength(3);
    const rest = await bridge.refundTransaction({ ...refund, transactionId: 'rest' });
    expect(rest.amount).toBe('100.00');
    await expect(bridge.refundTransaction({ ...refund, transactionId: 'more' })).rejects.toMatchObject({
      code: 'INVALID_REQUEST',
      field: 'originalTransactionId',
    });
  });

  it('that failed gave nothing back, and its share can be asked for again', async () => {
    const { bridge, clock, refunds } = await paidWorld();
    refunds.onSend({ status: 'failed', reason: 'not-refundable' });
    expect((await bridge.refundTransaction(refund)).status).toBe('failed');
    await clock.advance(1000);
    expect((await bridge.refundTransaction({ ...refund, transactionId: 'again' })).amount).toBe('1000.00');
  });

  it('still counts when it has gone to the archive', async () => {
    const { bridge, clock, journal, refunds } = await paidWorld();
    refunds.onQuery({ status: 'succeeded' });
    await bridge.refundTransaction({ ...refund, amount: '900.00' });
    await clock.runUntil(bridge.waitForTransaction('refund_1'));
    const old = { kind: 'payment', states: ['succeeded'], updatedBeforeMs: clock.nowMs() + 1, limit: 10 };
    expect(await journal.archive(old)).toBe(2);
    const tooMuch = bridge.refundTransaction({ ...refund, transactionId: 'refund_2', amount: '200.00' });
    await expect(tooMuch).rejects.toMatchObject({ code: 'INVALID_REQUEST' });
  });

  it.each(['an earlier one', 'the last one'] as const)(
    'is refused after %s was deleted from the journal: what is left of the payment is not known then',
    async (which) => {
      const { bridge, clock, journal, refunds } = await paidWorld();
      refunds.onQuery({ status: 'succeeded' });
      for (const id of ['refund_1', 'refund_2']) {
        await bridge.refundTransaction({ ...refund, transactionId: id, amount: '400.00' });
        await clock.runUntil(bridge.waitForTransaction(id));
      }
      await journal.archive({ kind: 'payment', states: ['succeeded'], updatedBeforeMs: clock.nowMs() + 1, limit: 10 });
      expect(await journal.forget('payment', [which === 'the last one' ? 'refund_2' : 'refund_1'])).toBe(1);
      for (const amount of ['200.00', '600.00']) {
        const another = bridge.refundTransaction({ ...refund, transactionId: 'refund_3', amount });
        await expect(another).rejects.toMatchObject({ code: 'INVALID_REQUEST', field: 'originalTransactionId' });
      }
      expect(refunds.sends).toHaveLength(2);
    },
  );

  it('of what was not paid, is unknown, or cannot be given back is refused with nothing sent', async () => {
    const provider = createScriptedProvider();
    const { bridge, clock } = await world([provider]);
    await bridge.initiateTransaction(REQUEST);
    await expect(bridge.refundTransaction(refund)).rejects.toMatchObject({ field: 'originalTransactionId' });
    await expect(bridge.refundTransaction({ ...refund, originalTransactionId: 'none' })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    await expect(bridge.refundTransaction({ ...refund, transactionId: 'tx_123' })).rejects.toMatchObject({
      field: 'transactionId',
    });
    provider.onQuery(PAID);
    await clock.runUntil(bridge.waitForTransaction('tx_123'));
    await expect(bridge.refundTransaction(refund)).rejects.toMatchObject({ code: 'UNSUPPORTED' });
  });
});

describe('a batch', () => {
  const line = (index: number): TransactionRequest => ({
    ...REQUEST,
    transactionId: `pay_${index}`,
    type: 'disbursement',
  });
  const payouts = () => createScriptedProvider({ type: 'disbursement' });

  it('pays each line once, with bounded concurrency, and yields each result', async () => {
    const provider = payouts();
    let now = 0;
    let most = 0;
    provider.onSend(
      ...Array.from({ length: 100 }, () => async () => {
        most = Math.max(most, (now += 1));
        await new Promise((resolve) => void setImmediate(resolve));
        now -= 1;
        return { status: 'pending' } as const;
      }),
    );
    const { bridge } = await world([provider]);
    const results: BatchResult[] = [];
    for await (const result of bridge.initiateBatch(
      Array.from({ length: 100 }, (_, index) => line(index)),
      { concurrency: 8 },
    )) {
      results.push(result);
    }
    expect(results.map(({ index }) => index).toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: 100 }, (_, index) => index),
    );
    expect(provider.sends).toHaveLength(100);
    expect(most).toBe(8);
  });

  it('broken off and run again from the start pays nobody twice', async () => {
    const provider = payouts();
    const first = await world([provider]);
    const lines = Array.from({ length: 50 }, (_, index) => line(index));
    for await (const { index } of first.bridge.initiateBatch(lines, { concurrency: 4 })) if (index === 20) break;
    expect(provider.sends.length).toBeLessThan(50);
    const second = await first.another();
    const outcomes: string[] = [];
    for await (const { outcome } of second.bridge.initiateBatch(lines)) outcomes.push(outcome);
    expect(outcomes).toEqual(Array.from({ length: 50 }, () => 'accepted'));
    expect(provider.sends).toHaveLength(50);
    expect(new Set(provider.sends.map(({ reference }) => reference)).size).toBe(50);
  });

  it('goes on past a bad line, and says which it was', async () => {
    const provider = payouts();
    const { bridge } = await world([provider]);
    const lines = [line(0), { ...line(1), amount: '-5' }, line(2)];
    const results: BatchResult[] = [];
    for await (const result of bridge.initiateBatch(lines)) results.push(result);
    const refused = results.find(({ outcome }) => outcome === 'refused');
    expect(refused).toMatchObject({ index: 1, transactionId: 'pay_1', error: { field: 'amount' } });
    expect(provider.sends).toHaveLength(2);
  });

  it('reads its input only as fast as it works, and stops reading at the signal', async () => {
    const provider = payouts();
    const { bridge } = await world([provider]);
    const controller = new AbortController();
    let read = 0;
    const endless = async function* (): AsyncGenerator<TransactionRequest> {
      for (;;) yield line(read++);
    };
    const results: BatchResult[] = [];
    const run = async (): Promise<void> => {
      for await (const result of bridge.initiateBatch(endless(), { concurrency: 4, signal: controller.signal })) {
        results.push(result);
        if (results.length === 10) controller.abort();
      }
    };
    await expect(run()).rejects.toMatchObject({ code: 'ABORTED', moneyMoved: 'maybe' });
    expect(read).toBeLessThan(20);
    expect(results.length).toBe(provider.sends.length);
  });
});

describe('a statement', () => {
  const lineOf = (receipt: string, amount = '1000.00') => ({ receipt, amount, currency: 'KES' }) as const;

  it('that agrees has nothing to tell', async () => {
    const { bridge, clock } = await paidWorld();
    const report = await bridge.reconcile({
      provider: 'mpesa',
      lines: [lineOf('NLJ7RT61SV')],
      fromMs: clock.nowMs() - DAY_MS,
      beforeMs: clock.nowMs() + DAY_MS,
    });
    expect(report).toEqual({ lines: 1, matched: 1, settled: [], differences: [], sums: { KES: '1000.00' } });
  });

  it('lists what is missing, doubled, different and unknown', async () => {
    const { bridge, clock } = await paidWorld();
    const span = { provider: 'mpesa', fromMs: clock.nowMs() - DAY_MS, beforeMs: clock.nowMs() + DAY_MS };
    expect((await bridge.reconcile({ ...span, lines: [] })).differences).toEqual([
      { kind: 'missing', transactionId: 'tx_123', amount: '1000.00' },
    ]);
    const { differences, sums } = await bridge.reconcile({
      ...span,
      lines: [lineOf('NLJ7RT61SV', '999'), lineOf('NLJ7RT61SV'), lineOf('STRANGER01', '5.5')],
    });
    expect(differences).toEqual([
      { kind: 'amount-differs', receipt: 'NLJ7RT61SV', transactionId: 'tx_123', ours: '1000.00', theirs: '999' },
      { kind: 'doubled', receipt: 'NLJ7RT61SV', transactionId: 'tx_123' },
      { kind: 'unknown-to-us', receipt: 'STRANGER01', amount: '5.5' },
    ]);
    expect(sums).toEqual({ KES: '2004.50' });
  });

  it('proves an open payment paid, found by our own reference', async () => {
    const provider = createScriptedProvider({ name: 'mpesa' });
    provider.onSend(new TransportError('timeout', 'no reply'));
    provider.onQuery({ status: 'unaskable' });
    const { bridge, clock } = await world([provider]);
    await bridge.initiateTransaction(REQUEST);
    await clock.runUntil(bridge.waitForTransaction('tx_123', { timeoutMs: DAY_MS }));
    const reference = provider.sends[0]?.reference ?? '';
    const report = await bridge.reconcile({ provider: 'mpesa', lines: [{ ...lineOf('NLJ7RT61SV'), reference }] });
    expect(report).toMatchObject({ matched: 1, settled: ['tx_123'] });
    expect(await bridge.getTransaction('tx_123')).toMatchObject({
      status: 'succeeded',
      receipt: 'NLJ7RT61SV',
      moneyMoved: 'yes',
    });
  });

  describe('that shows twelve digits of our reference and no more', () => {
    /** A prompt whose reply and callback were lost, under ids whose references begin alike or not. */
    async function lost(...transactionIds: readonly string[]) {
      const provider = createScriptedProvider({ name: 'mpesa' });
      provider.onSend(...transactionIds.map(() => new TransportError('timeout', 'no reply')));
      provider.onQuery({ status: 'unaskable' });
      const made = await world([provider]);
      for (const transactionId of transactionIds) await made.bridge.initiateTransaction({ ...REQUEST, transactionId });
      const last = transactionIds.at(-1) ?? '';
      await made.clock.runUntil(made.bridge.waitForTransaction(last, { timeoutMs: DAY_MS }));
      const referenceStart = provider.sends[0]?.reference.slice(0, 12) ?? '';
      return { ...made, provider, referenceStart };
    }

    it('proves a lost prompt paid, and no other', async () => {
      const { bridge, referenceStart } = await lost('tx_1', 'tx_2');
      const report = await bridge.reconcile({
        provider: 'mpesa',
        lines: [{ ...lineOf('NLJ7RT61SV'), referenceStart }],
      });
      expect(report).toMatchObject({ matched: 1, settled: ['tx_1'], differences: [] });
      expect(await bridge.getTransaction('tx_1')).toMatchObject({ status: 'succeeded', receipt: 'NLJ7RT61SV' });
      expect((await bridge.getTransaction('tx_2')).status).toBe('review');
    });

    it.each([
      ['of another provider', { provider: 'other' }, {}, 'unknown-to-us'],
      ['of another amount', {}, { amount: '999' }, 'amount-differs'],
      ['of too few digits', {}, { referenceStart: 'a1b2' }, 'unknown-to-us'],
      ['that begins another reference', {}, { referenceStart: '000000000000' }, 'unknown-to-us'],
    ])('proves nothing by a line %s', async (_what, of, change, kind) => {
      const { bridge, referenceStart } = await lost('tx_1');
      const lines = [{ ...lineOf('NLJ7RT61SV'), referenceStart, ...change }];
      const report = await bridge.reconcile({ provider: 'mpesa', ...of, lines });
      expect(report).toMatchObject({ settled: [], differences: [{ kind }] });
      expect((await bridge.getTransaction('tx_1')).status).toBe('review');
    });

    it('proves nothing where two payments begin alike', async () => {
      const { bridge, journal, referenceStart } = await lost('tx_1', 'tx_2');
      const twin = await journal.read('payment', 'tx_2');
      const record = twin?.body as PaymentRecord;
      const attempts = record.attempts.map((each) => ({ ...each, reference: `${referenceStart}${'0'.repeat(20)}` }));
      await journal.replace(
        {
          ...(twin as JournalEntry),
          version: record.version + 1,
          tags: [`begins:${referenceStart}`],
          body: { ...record, version: record.version + 1, attempts },
        },
        'given a reference that begins like the other',
      );
      const report = await bridge.reconcile({
        provider: 'mpesa',
        lines: [{ ...lineOf('NLJ7RT61SV'), referenceStart }],
      });
      expect(report).toMatchObject({ settled: [], differences: [{ kind: 'unknown-to-us' }] });
    });

    it('finds what a query proved paid without a receipt', async () => {
      const provider = createScriptedProvider({ name: 'mpesa' });
      provider.onQuery(PAID);
      const { bridge, clock, journal } = await world([provider]);
      await bridge.initiateTransaction(REQUEST);
      expect((await journal.read('payment', 'tx_123'))?.tags, 'an attempt that its ids find').toHaveLength(1);
      await clock.runUntil(bridge.waitForTransaction('tx_123'));
      const referenceStart = provider.sends[0]?.reference.slice(0, 12) ?? '';
      const report = await bridge.reconcile({
        provider: 'mpesa',
        lines: [{ ...lineOf('NLJ7RT61SV'), referenceStart }],
      });
      expect(report).toMatchObject({ matched: 1, differences: [] });
    });
  });

  it('that shows what we call failed changes nothing and says so', async () => {
    const provider = createScriptedProvider({ name: 'mpesa' });
    provider.onQuery({ status: 'failed', reason: 'cancelled-by-payer' });
    const { bridge, clock } = await world([provider]);
    await bridge.initiateTransaction(REQUEST);
    await clock.runUntil(bridge.waitForTransaction('tx_123'));
    const reference = provider.sends[0]?.reference ?? '';
    const report = await bridge.reconcile({ provider: 'mpesa', lines: [{ ...lineOf('NLJ7RT61SV'), reference }] });
    expect(report.differences).toEqual([
      { kind: 'status-differs', receipt: 'NLJ7RT61SV', transactionId: 'tx_123', ours: 'failed' },
    ]);
  });
});

describe('a payment in review', () => {
  async function inReview() {
    const provider = createScriptedProvider();
    provider.onSend(new TransportError('timeout', 'no reply'));
    provider.onQuery({ status: 'unaskable' });
    const made = await world([provider]);
    await made.bridge.initiateTransaction(REQUEST);
    await made.clock.runUntil(made.bridge.waitForTransaction('tx_123', { timeoutMs: DAY_MS }));
    return made;
  }

  it.each([
    ['succeeded', 'yes'],
    ['failed', 'no'],
  ] as const)('ends %s as a person decides, with who it was and what it rests on', async (status, moneyMoved) => {
    const { bridge } = await inReview();
    const decided = await bridge.resolveTransaction('tx_123', {
      status,
      by: 'amina',
      because: 'statement of 2 January',
    });
    expect(decided).toMatchObject({ status, moneyMoved });
    expect(decided.evidence.at(-1)).toMatchObject({
      source: 'person',
      detail: 'amina: statement of 2 January',
      moneyMoved,
    });
  });

  it('is the only one that a person may decide', async () => {
    const { bridge } = await world([createScriptedProvider()]);
    await bridge.initiateTransaction(REQUEST);
    const decision = { status: 'failed', by: 'amina', because: 'no patience' } as const;
    await expect(bridge.resolveTransaction('tx_123', decision)).rejects.toMatchObject({ code: 'INVALID_TRANSITION' });
    expect((await bridge.getTransaction('tx_123')).status).toBe('pending');
  });
});

describe('finding payments', () => {
  it('works by status, by number in any spelling, and page by page', async () => {
    const provider = createScriptedProvider();
    provider.onSend({ status: 'failed', reason: 'payer-busy' });
    const { bridge } = await world([provider]);
    for (let index = 0; index < 5; index++)
      await bridge.initiateTransaction({ ...REQUEST, transactionId: `tx_${index}` });
    await bridge.initiateTransaction({ ...REQUEST, transactionId: 'other', phoneNumber: '+254700999999' });
    expect(
      (await bridge.findTransactions({ status: 'failed' })).payments.map(({ transactionId }) => transactionId),
    ).toEqual(['tx_0']);
    expect((await bridge.findTransactions({ phoneNumber: '254 700 999 999' })).payments).toHaveLength(1);
    const first = await bridge.findTransactions({ limit: 4 });
    const second = await bridge.findTransactions({
      limit: 4,
      ...(first.cursor === undefined ? {} : { cursor: first.cursor }),
    });
    expect([first.payments.length, second.payments.length, second.cursor]).toEqual([4, 2, undefined]);
  });
});

describe('asking the operator', () => {
  const telling = (): ScriptedProvider => {
    const provider = createScriptedProvider({ name: 'momo' });
    return {
      ...provider,
      factory: (environment) => ({
        ...provider.factory(environment),
        capabilities: {
          ...provider.factory(environment).capabilities,
          lookupAccount: 'supported',
          balance: 'supported',
        },
        lookupAccount: async () => ({ status: 'active', name: 'AMINA O.' }),
        balance: async () => [{ account: 'Float', available: { currency: 'KES', amountMinor: 5n } }],
      }),
    };
  };

  it('who holds a wallet names the operator and the provider that told', async () => {
    const { bridge } = await world([telling()]);
    expect(await bridge.lookupAccount({ phoneNumber: '+254700123456' })).toEqual({
      status: 'active',
      name: 'AMINA O.',
      operator: 'ke-63902',
      provider: 'momo',
    });
  });

  it('is unsupported in the operator’s own words where nobody can ask', async () => {
    const { bridge } = await world([createScriptedProvider()]);
    await expect(bridge.lookupAccount({ phoneNumber: '+254700123456' })).rejects.toMatchObject({
      code: 'UNSUPPORTED',
      message: expect.stringContaining('has no wallets'),
    });
    await expect(bridge.lookupAccount({ phoneNumber: '+256772123456' })).rejects.toBeInstanceOf(InvalidRequestError);
  });

  it('for balances gives what is told beside what is not', async () => {
    const { bridge } = await world([telling(), createScriptedProvider({ name: 'silent' })]);
    expect(await bridge.balance()).toMatchObject([
      { provider: 'momo', accounts: [{ account: 'Float' }] },
      { provider: 'silent', error: { code: 'UNSUPPORTED' } },
    ]);
    await expect(bridge.balance('none')).rejects.toMatchObject({ field: 'provider' });
  });
});

describe('a payment in review whose operator can be asked', () => {
  const overdue = async (policy = {}) => {
    const provider = createScriptedProvider();
    provider.onSend(new TransportError('timeout', 'no reply'));
    let told: Finding = { status: 'not-found' };
    provider.onQuery(async () => told);
    const made = await world([provider], { policy: { tickMs: 1_800_000, ...policy } });
    await made.bridge.initiateTransaction(REQUEST);
    await made.clock.runUntil(made.bridge.waitForTransaction('tx_123', { timeoutMs: 2 * DAY_MS }));
    const asked = provider.queries.length;
    return { ...made, provider, asked, tell: (finding: Finding) => (told = finding) };
  };

  it('goes on being asked about, more and more rarely, and leaves review when proof comes', async () => {
    const { bridge, clock, provider, asked, tell } = await overdue();
    expect((await bridge.getTransaction('tx_123')).status).toBe('review');
    await clock.advance(20 * DAY_MS);
    expect(provider.queries.length - asked).toBeGreaterThan(8);
    expect(provider.queries.length - asked).toBeLessThan(20);
    expect((await bridge.getTransaction('tx_123')).evidence.some(({ code }) => code === 'REVIEW')).toBe(true);
    tell(PAID);
    await clock.advance(6 * DAY_MS);
    expect(await bridge.getTransaction('tx_123')).toMatchObject({ status: 'succeeded', moneyMoved: 'yes' });
    expect(provider.sends).toHaveLength(1);
  });

  it('is not asked about for ever, nor where that is not wanted', async () => {
    const { clock, provider } = await overdue();
    await clock.advance(40 * DAY_MS);
    const until = provider.queries.length;
    await clock.advance(40 * DAY_MS);
    expect(provider.queries).toHaveLength(until);
    const unwanted = await overdue({ askInReviewForMs: 0 });
    await unwanted.clock.advance(20 * DAY_MS);
    expect(unwanted.provider.queries).toHaveLength(unwanted.asked);
  });
});

describe('a payment that the journal has lost an attempt of', () => {
  const lost = async () => {
    const journal = createMemoryJournal();
    const provider = createScriptedProvider();
    provider.onSend(new RateLimitError('busy', { retryAfterMs: 5000 }));
    const other = createScriptedProvider({ name: 'other' });
    const made = await world([provider, other], { journal, rateLimiter: { admit: closed } });
    await made.bridge.initiateTransaction(REQUEST);
    journal.suspect(made.clock.nowMs(), 'a replica took over');
    await made.clock.runUntil(made.bridge.waitForTransaction('tx_123', { timeoutMs: DAY_MS }));
    return { ...made, route: other.route.id };
  };
  const closed = async (): Promise<void> => {
    throw new RateLimitError('full', { retryAfterMs: 5000 });
  };
  const decision = { status: 'succeeded', by: 'amina', because: 'statement of 2 January', receipt: 'R1' } as const;

  it('can be called paid by a person, who says over which route', async () => {
    const { bridge, route } = await lost();
    expect(await bridge.getTransaction('tx_123')).toMatchObject({ status: 'review', attempts: [] });
    await expect(bridge.resolveTransaction('tx_123', decision)).rejects.toMatchObject({ field: 'route' });
    expect(await bridge.resolveTransaction('tx_123', { ...decision, route })).toMatchObject({
      status: 'succeeded',
      receipt: 'R1',
      attempts: [{ number: 1, routeId: route, moneyMoved: 'yes' }],
    });
  });
});
