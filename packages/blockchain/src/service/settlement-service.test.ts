import { inspect } from 'node:util';

import type { SettlementRecord, TransactionRecord } from '@canza/core';
import { createMortal, createSeededRandom, createTurnedClock } from '@canza/core/testing';
import { describe, expect, it } from 'vitest';

import { MINUTE_MS, REQUEST, SENDER, type World, world } from '../../test/settlement-world.ts';
import { settlementKinds } from './books.ts';
import type { SettlementRequest } from './request.ts';
import { SettlementService } from './settlement-service.ts';

const lines = (count: number, change: Partial<SettlementRequest> = {}): SettlementRequest[] =>
  Array.from({ length: count }, (_, index) => ({
    ...REQUEST,
    settlementId: `s${index}`,
    amount: '1.00',
    toAddress: `acct:r${index}`,
    ...change,
  }));

describe('a settlement', () => {
  it('is paid once, and shows hash, sender, fee and the proof of its arrival', async () => {
    const { settle, held, ledger } = await world();
    const settled = await settle();
    expect(settled).toMatchObject({
      settlementId: 'settlement_123',
      status: 'settled',
      moneyMoved: 'yes',
      amount: '500.00',
      toAddress: 'acct:alice',
      attempts: 1,
      fee: '7500',
    });
    expect(settled.transactionHash).toBe(ledger.commits[0]?.hash);
    expect(settled.proofs).toEqual([{ event: 0, account: 'acct:alice', asset: 'asset:usd', amount: '500000000' }]);
    expect(held('acct:alice')).toBe(500_000_000n);
  });

  it('resolves as soon as it was submitted, with the hash under which it will be found', async () => {
    const { service, clock, ledger } = await world();
    const sent = await clock.runUntil(service.settlePayment(REQUEST));
    expect(sent).toMatchObject({ status: 'pending', moneyMoved: 'maybe', fromAddress: SENDER });
    expect(ledger.commits).toHaveLength(0);
    const settled = await clock.runUntil(service.waitForSettlement('settlement_123'));
    expect(settled.transactionHash).toBe(sent.transactionHash);
  });

  it('is in the journal, bytes and all, before it is submitted', async () => {
    const { service, clock, journal, chain } = await world();
    const kinds = settlementKinds('model');
    let stored: unknown[] = [];
    const { submit } = chain.network;
    Object.assign(chain.network, {
      submit: async (...args: Parameters<typeof submit>) => {
        const [settlement, transaction] = await Promise.all([
          journal.read(kinds.settlements, REQUEST.settlementId),
          journal.findByReference(kinds.transactions, `hash:${args[0].hash}`),
        ]);
        stored = [
          settlement?.state,
          (transaction?.body as TransactionRecord | undefined)?.builds[0]?.bytes === args[0].bytes,
        ];
        return submit(...args);
      },
    });
    await clock.runUntil(service.settlePayment(REQUEST));
    expect(stored).toEqual(['pending', true]);
  });

  it('shows no bytes of its transaction to listeners or in the log', async () => {
    const { settle, changes, logger, chain } = await world();
    await settle();
    const said = inspect([changes, logger.lines], { depth: 9 });
    expect(chain.submissions).toHaveLength(1);
    expect(said).not.toContain(chain.submissions[0]?.bytes.slice(0, 40));
  });
});

describe('the same settlement id', () => {
  it('with the same request returns what is stored, and sends nothing', async () => {
    const { settle, service, clock, chain } = await world();
    const settled = await settle();
    const again = await clock.runUntil(service.settlePayment({ ...REQUEST, amount: '500', toAddress: ' ACCT:alice ' }));
    expect(again).toEqual(settled);
    expect(chain.submissions).toHaveLength(1);
  });

  it('fifty times at once, to two processes, is sent once', async () => {
    const { service, clock, another, ledger, held } = await world();
    const other = await another();
    const all = Array.from({ length: 50 }, (_, index) =>
      (index % 2 === 0 ? service : other.service).settlePayment(REQUEST),
    );
    await clock.runUntil(Promise.all(all));
    await clock.runUntil(service.waitForSettlement(REQUEST.settlementId));
    expect(ledger.commits).toHaveLength(1);
    expect(held('acct:alice')).toBe(500_000_000n);
  });

  for (const [what, change] of [
    ['amount', { amount: '500.01' }],
    ['recipient', { toAddress: 'acct:bob' }],
    ['currency', { fromCurrency: 'EUR', toCurrency: 'EUR' }],
  ] as const) {
    it(`with another ${what} is an error, and nothing is sent`, async () => {
      const { settle, service, chain } = await world();
      await settle();
      await expect(service.settlePayment({ ...REQUEST, ...change })).rejects.toMatchObject({
        code: 'IDEMPOTENCY_CONFLICT',
        moneyMoved: 'no',
      });
      expect(chain.submissions).toHaveLength(1);
    });
  }
});

describe('what is refused before anything is stored', () => {
  const cases: Record<string, [Partial<Record<keyof SettlementRequest, unknown>>, string]> = {
    'an amount above the limit': [{ amount: '100000.01' }, 'amount'],
    'an amount of zero': [{ amount: '0.00' }, 'amount'],
    'an amount as a number': [{ amount: 500 }, 'amount'],
    'more decimals than the asset has': [{ amount: '0.0000001' }, 'amount'],
    'an asset that is not configured': [{ fromCurrency: 'XYZ', toCurrency: 'XYZ' }, 'toCurrency'],
    'two currencies without a quote': [{ fromCurrency: 'KES' }, 'toCurrency'],
    'an address that is none': [{ toAddress: 'nobody' }, 'toAddress'],
    'our own address': [{ toAddress: SENDER }, 'toAddress'],
    'an id with a blank': [{ settlementId: 'a b' }, 'settlementId'],
    'a field that nobody knows': [{ memo: 'x' } as never, 'memo'],
    'a description without end': [{ description: 'x'.repeat(201) }, 'description'],
  };
  for (const [what, [change, field]] of Object.entries(cases)) {
    it(`${what}: by the name of the field`, async () => {
      const { service, journal, chain } = await world({ maxSettlementAmount: '100000.0' });
      await expect(service.settlePayment({ ...REQUEST, ...change } as SettlementRequest)).rejects.toMatchObject({
        code: 'INVALID_REQUEST',
        moneyMoved: 'no',
        field,
      });
      expect(await journal.read(settlementKinds('model').settlements, REQUEST.settlementId)).toBeUndefined();
      expect(chain.submissions).toHaveLength(0);
    });
  }

  it('the limit itself is allowed, and another currency has its own', async () => {
    const { settle } = await world({ maxSettlementAmount: { USD: '500.00' } });
    expect((await settle()).status).toBe('settled');
    expect((await settle({ settlementId: 'e', fromCurrency: 'EUR', toCurrency: 'EUR', amount: '501' })).status).toBe(
      'settled',
    );
  });

  it('everything before initialize and after shutdown', async () => {
    const { service, clock, another } = await world();
    await clock.runUntil(service.shutdown());
    await expect(service.settlePayment(REQUEST)).rejects.toMatchObject({ code: 'NOT_ACCEPTING' });
    const { chain, journal } = await another();
    const fresh = new SettlementService({ network: chain.factory, journal, clock });
    await expect(fresh.settlePayment(REQUEST)).rejects.toMatchObject({ code: 'NOT_ACCEPTING' });
  });

  it.each([
    ['network', { network: undefined }],
    ['journal', { journal: {} }],
    ['maxSettlementAmount', { maxSettlementAmount: '1e5' }],
    ['maxSettlementAmount.USD', { maxSettlementAmount: { USD: '-1' } }],
    ['batching.maxSize', { batching: { maxSize: 0 } }],
    ['quotes', { quotes: {} }],
  ])('settings whose %s cannot be used', async (field, change) => {
    const { chain, journal, clock } = await world();
    const settings = { network: chain.factory, journal, clock, ...change } as never;
    expect(() => new SettlementService(settings)).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID', field }));
  });
});

describe('without auto-confirmation', () => {
  it('a settlement waits for a word, and goes then', async () => {
    const { service, clock, chain, settle } = await world({ autoConfirm: false });
    const kept = await service.settlePayment(REQUEST);
    expect(kept).toMatchObject({ status: 'awaiting-confirmation', moneyMoved: 'no' });
    await clock.advance(60 * MINUTE_MS);
    expect(chain.submissions).toHaveLength(0);
    await clock.runUntil(service.confirmSettlement(REQUEST.settlementId));
    expect((await settle()).status).toBe('settled');
  });

  it('one can be called off, and is not sent by a word that comes later', async () => {
    const { service, chain } = await world({ autoConfirm: false });
    await service.settlePayment(REQUEST);
    expect(await service.cancelSettlement(REQUEST.settlementId)).toMatchObject({
      status: 'failed',
      reason: 'cancelled',
    });
    expect((await service.confirmSettlement(REQUEST.settlementId)).status).toBe('failed');
    expect(chain.submissions).toHaveLength(0);
  });

  it('what is on its way cannot be called off', async () => {
    const { service, clock } = await world();
    await clock.runUntil(service.settlePayment(REQUEST));
    await expect(service.cancelSettlement(REQUEST.settlementId)).rejects.toMatchObject({ code: 'INVALID_TRANSITION' });
  });
});

describe('between two currencies', () => {
  const clock = createTurnedClock();
  const quotes = {
    quote: async () => ({ id: 'q1', rate: '0.0077', toAmount: '7.70', expiresAtMs: clock.nowMs() + 1000 }),
  };
  const kes: Partial<SettlementRequest> = { amount: '1000', fromCurrency: 'KES' };

  it('the quote says what arrives', async () => {
    const { settle, held } = await world({ quotes, clock });
    expect(await settle(kes)).toMatchObject({
      status: 'settled',
      amount: '1000.00',
      quote: { id: 'q1', toAmount: '7.70' },
    });
    expect(held('acct:alice')).toBe(7_700_000n);
  });

  it('the same id asks for no other price', async () => {
    let asked = 0;
    const counting = { quote: async () => ({ ...(await quotes.quote()), id: `q${++asked}` }) };
    const { settle } = await world({ quotes: counting, clock });
    await settle(kes);
    expect((await settle(kes)).quote?.id).toBe('q1');
    expect(asked).toBe(1);
  });

  it('an expired quote is refused', async () => {
    const { service } = await world({ quotes, clock });
    const quote = await service.quote({ fromCurrency: 'KES', toCurrency: 'USD', amount: '1000' });
    await clock.advance(1000);
    const late = service.settlePayment({ ...REQUEST, ...kes, quote });
    await expect(late).rejects.toMatchObject({ code: 'INVALID_REQUEST', field: 'quote', moneyMoved: 'no' });
  });

  it('a quote that expires before it could be used is not used', async () => {
    const { service, chain, ledger } = await world({ quotes, clock });
    chain.arm('estimate', 'request-lost', 5);
    const put = await clock.runUntil(service.settlePayment({ ...REQUEST, ...kes }));
    expect(put).toMatchObject({ status: 'created', moneyMoved: 'no' });
    const ended = await clock.runUntil(service.waitForSettlement(REQUEST.settlementId));
    expect(ended).toMatchObject({ status: 'failed', reason: 'quote-expired', moneyMoved: 'no' });
    expect(ledger.commits).toHaveLength(0);
  });

  it('a quote that expires while it waits for a sender is not used', async () => {
    const made = await world({ quotes, clock, model: { maxPendingPerSender: 1 }, batching: { maxDelayMs: 0 } });
    made.ledger.hold();
    await clock.runUntil(made.service.settlePayment({ ...REQUEST, settlementId: 'open', toAddress: 'acct:bob' }));
    const sent = made.service.settlePayment({ ...REQUEST, ...kes });
    await clock.advance(5000);
    made.ledger.hold(false);
    await clock.runUntil(sent);
    const ended = await clock.runUntil(made.service.waitForSettlement(REQUEST.settlementId));
    expect(ended).toMatchObject({ status: 'failed', reason: 'quote-expired', moneyMoved: 'no', attempts: 0 });
  });

  it('a transaction that expired is not built again at a price that has expired', async () => {
    const { service, ledger, held } = await world({ quotes, clock });
    ledger.hold();
    const other = { ...REQUEST, settlementId: 'other', toAddress: 'acct:bob' };
    const sent = [service.settlePayment({ ...REQUEST, ...kes }), service.settlePayment(other)];
    await clock.runUntil(Promise.all(sent));
    await clock.advance(33_000);
    ledger.hold(false);
    const ended = await clock.runUntil(
      Promise.all([REQUEST.settlementId, 'other'].map((id) => service.waitForSettlement(id))),
    );
    expect(ended).toMatchObject([
      { status: 'failed', reason: 'quote-expired', moneyMoved: 'no' },
      { status: 'settled', attempts: 2 },
    ]);
    expect([held('acct:alice'), held('acct:bob')]).toEqual([0n, 500_000_000n]);
  });

  it('one that was to be confirmed in time is not sent after', async () => {
    const { service } = await world({ quotes, clock, autoConfirm: false });
    await service.settlePayment({ ...REQUEST, ...kes });
    await clock.advance(1000);
    expect(await service.confirmSettlement(REQUEST.settlementId)).toMatchObject({ reason: 'quote-expired' });
  });

  it('a source that says rubbish refuses the settlement', async () => {
    const rubbish = { quote: async () => ({ rate: 'NaN', toAmount: '1', expiresAtMs: clock.nowMs() + 1000 }) };
    const { service } = await world({ quotes: rubbish, clock });
    await expect(service.settlePayment({ ...REQUEST, ...kes })).rejects.toMatchObject({ code: 'UNEXPECTED_RESPONSE' });
  });
});

describe('many settlements', () => {
  it('of one asset share transactions, as many as fit', async () => {
    const { service, clock, ledger, held } = await world();
    const results: { readonly outcome: string }[] = [];
    const run = (async () => {
      for await (const result of service.settleBatch(lines(250))) results.push(result);
      await Promise.all(lines(250).map(({ settlementId }) => service.waitForSettlement(settlementId)));
    })();
    await clock.runUntil(run);
    expect(ledger.commits.map(({ proofs }) => proofs.length)).toEqual([100, 100, 50]);
    expect(results.map(({ outcome }) => outcome)).toEqual(Array(250).fill('accepted'));
    expect(lines(250).every(({ toAddress }) => held(toAddress) === 1_000_000n)).toBe(true);
    expect(service.metrics()).toMatchObject({ settled: 250, settlementsPerTransaction: 250 / 3 });
  });

  it('of two assets do not share one', async () => {
    const { service, clock, ledger } = await world();
    const mixed = lines(6).map((line, index) =>
      index % 2 === 0 ? line : { ...line, fromCurrency: 'EUR', toCurrency: 'EUR' },
    );
    await clock.runUntil(Promise.all(mixed.map((line) => service.settlePayment(line))));
    await clock.runUntil(Promise.all(mixed.map(({ settlementId }) => service.waitForSettlement(settlementId))));
    expect(ledger.commits.map(({ proofs }) => proofs.map(({ asset }) => asset))).toEqual([
      Array(3).fill('asset:usd'),
      Array(3).fill('asset:eur'),
    ]);
  });

  it('wait for others only as long as they are told to', async () => {
    const { service, clock, ledger } = await world({ batching: { maxDelayMs: 0 } });
    await clock.runUntil(Promise.all(lines(3).map((line) => service.settlePayment(line))));
    await clock.advance(1000);
    expect(ledger.commits).toHaveLength(3);
  });

  it('are divided where one transaction would cost more gas than allowed', async () => {
    const { service, clock, ledger } = await world({ batching: { maxGasUnits: 300n } });
    await clock.runUntil(Promise.all(lines(8).map((line) => service.settlePayment(line))));
    await clock.advance(2000);
    expect(ledger.commits.map(({ proofs }) => proofs.length)).toEqual([4, 4]);
  });

  it('report each line that is refused, and go on', async () => {
    const { service, clock } = await world();
    const run = async () => {
      const outcomes = [];
      for await (const { outcome } of service.settleBatch([...lines(2), { ...REQUEST, amount: 'x' }]))
        outcomes.push(outcome);
      return outcomes.toSorted();
    };
    expect(await clock.runUntil(run())).toEqual(['accepted', 'accepted', 'refused']);
  });

  it('come through a store that is large and a chain that is slow with no more open than allowed', async () => {
    const { service, clock, ledger } = await world({ policy: { maxOpenTransactions: 20 } });
    let most = 0;
    service.on('transaction.changed', () => {
      most = Math.max(most, service.metrics().transactions.open);
    });
    const run = (async () => {
      for await (const result of service.settleBatch(lines(10_000))) expect(result.outcome).toBe('accepted');
      await service.waitForSettlement('s9999');
    })();
    await clock.runUntil(run);
    await clock.advance(5000);
    expect(service.metrics().settled).toBe(10_000);
    expect(ledger.commits.reduce((sum, { proofs }) => sum + proofs.length, 0)).toBe(10_000);
    expect(most).toBeLessThanOrEqual(20);
    expect(service.metrics().transactions.open).toBe(0);
  });
});

describe('one recipient who cannot receive', () => {
  it('is found by halves, one after the other, and holds nobody else up', async () => {
    const { service, clock, ledger, held } = await world({ chain: { simulates: false } });
    ledger.freeze('acct:r37');
    const underWay: string[] = [];
    let most = 0;
    service.on('transaction.changed', ({ transactionId, status, members }) => {
      if (members === 0) return;
      if (status === 'open' && !underWay.includes(transactionId)) underWay.push(transactionId);
      else if (status !== 'open') underWay.splice(underWay.indexOf(transactionId), 1);
      most = Math.max(most, underWay.length);
    });
    await clock.runUntil(Promise.all(lines(100).map((line) => service.settlePayment(line))));
    const all = await clock.runUntil(
      Promise.all(lines(100).map(({ settlementId }) => service.waitForSettlement(settlementId))),
    );
    expect(all.filter(({ status }) => status !== 'settled')).toMatchObject([
      { settlementId: 's37', status: 'failed', reason: 'recipient-refused', moneyMoved: 'no' },
    ]);
    expect(all.every(({ toAddress = '' }) => held(toAddress) === (toAddress === 'acct:r37' ? 0n : 1_000_000n))).toBe(
      true,
    );
    const aborted = ledger.commits.filter(({ abort }) => abort !== undefined);
    expect(aborted.map(({ transaction: { call } }) => call.kind === 'transfers' && call.transfers.length)).toEqual([
      100, 50, 25, 13, 6, 3, 1,
    ]);
    expect(most).toBeLessThanOrEqual(2);
  });

  it('is found before a fee is paid, where the chain can simulate', async () => {
    const { service, clock, ledger } = await world();
    ledger.freeze('acct:r3');
    await clock.runUntil(Promise.all(lines(10).map((line) => service.settlePayment(line))));
    const all = await clock.runUntil(
      Promise.all(lines(10).map(({ settlementId }) => service.waitForSettlement(settlementId))),
    );
    expect(all.map(({ status }) => status).filter((status) => status === 'settled')).toHaveLength(9);
    expect(all[3]).toMatchObject({ status: 'failed', reason: 'recipient-refused', attempts: 0 });
    expect(ledger.commits.filter(({ abort }) => abort !== undefined)).toHaveLength(0);
  });
});

describe('a refund', () => {
  const REFUND = { settlementId: 'r1', originalSettlementId: REQUEST.settlementId, toAddress: 'acct:bob' };

  it('gives back what is asked for, names the original, and leaves it settled', async () => {
    const { settle, service, clock, held } = await world();
    await settle();
    await clock.runUntil(service.refund({ ...REFUND, amount: '200.00' }));
    const refund = await clock.runUntil(service.waitForSettlement('r1'));
    expect(refund).toMatchObject({ kind: 'refund', status: 'settled', originalSettlementId: REQUEST.settlementId });
    expect(held('acct:bob')).toBe(200_000_000n);
    expect((await service.getSettlement(REQUEST.settlementId)).status).toBe('settled');
  });

  it('to an account that settlements are paid from is refused: nothing would be given back', async () => {
    const { settle, service, journal } = await world();
    await settle();
    await expect(service.refund({ ...REFUND, toAddress: SENDER })).rejects.toMatchObject({
      code: 'INVALID_REQUEST',
      moneyMoved: 'no',
      field: 'toAddress',
    });
    expect(await journal.read(settlementKinds('model').settlements, REFUND.settlementId)).toBeUndefined();
  });

  it('is never more than was paid, in one or in several at once', async () => {
    const { settle, service, clock, held, another } = await world();
    await settle();
    const tooMuch = service.refund({ ...REFUND, amount: '500.01' });
    await expect(tooMuch).rejects.toMatchObject({ field: 'amount', moneyMoved: 'no' });
    const other = await another();
    const all = Array.from({ length: 6 }, (_, index) =>
      (index % 2 === 0 ? service : other.service).refund({ ...REFUND, settlementId: `r${index}`, amount: '200.00' }),
    );
    const outcomes = await clock.runUntil(Promise.allSettled(all));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(2);
    await clock.advance(MINUTE_MS);
    expect(held('acct:bob')).toBe(400_000_000n);
    const rest = await clock.runUntil(service.refund({ ...REFUND, settlementId: 'rest' }));
    expect(rest.amount).toBe('100.00');
    await expect(service.refund({ ...REFUND, settlementId: 'more' })).rejects.toMatchObject({
      field: 'originalSettlementId',
    });
  });

  /** Takes everything that is settled out of the journal, except what is named. */
  const forgetAll = async ({ journal, clock }: World, ids: readonly string[]): Promise<void> => {
    const kind = settlementKinds('model').settlements;
    const states = ['settled', 'failed'];
    await journal.archive({ kind, states, updatedBeforeMs: clock.nowMs() + 1, limit: 10 });
    expect(await journal.forget(kind, ids)).toBe(ids.length);
  };

  for (const forgotten of [['r1'], ['r2'], ['r1', 'r2']]) {
    it(`is never more than was paid where ${forgotten.join(' and ')} of two were forgotten`, async () => {
      const made = await world();
      const { settle, service, clock, held } = made;
      await settle();
      for (const settlementId of ['r1', 'r2']) {
        await clock.runUntil(service.refund({ ...REFUND, settlementId, amount: '200.00' }));
        await clock.runUntil(service.waitForSettlement(settlementId));
      }
      await forgetAll(made, forgotten);
      const tooMuch = clock.runUntil(service.refund({ ...REFUND, settlementId: 'r3', amount: '100.01' }));
      await expect(tooMuch).rejects.toMatchObject({ field: 'amount', moneyMoved: 'no' });
      const rest = await clock.runUntil(service.refund({ ...REFUND, settlementId: 'r3' }));
      expect(rest.amount).toBe('100.00');
      await clock.runUntil(service.waitForSettlement('r3'));
      await forgetAll(made, ['r3']);
      const more = clock.runUntil(service.refund({ ...REFUND, settlementId: 'r4' }));
      await expect(more).rejects.toMatchObject({ field: 'originalSettlementId' });
      expect(held('acct:bob')).toBe(500_000_000n);
    });
  }

  it('that was forgotten is not made again under its id', async () => {
    const made = await world();
    await made.settle();
    await made.clock.runUntil(made.service.refund({ ...REFUND, amount: '10.00' }));
    await made.clock.runUntil(made.service.waitForSettlement('r1'));
    await forgetAll(made, ['r1']);
    const again = made.clock.runUntil(made.service.refund({ ...REFUND, amount: '10.00' }));
    await expect(again).rejects.toMatchObject({ field: 'settlementId', moneyMoved: 'no' });
    expect(made.held('acct:bob')).toBe(10_000_000n);
  });

  it('that failed leaves what it was to give back for another, also once it was forgotten', async () => {
    const made = await world();
    await made.settle();
    made.ledger.freeze('acct:bob');
    await made.clock.runUntil(made.service.refund(REFUND));
    expect((await made.clock.runUntil(made.service.waitForSettlement('r1'))).status).toBe('failed');
    const to = { ...REFUND, toAddress: 'acct:carol' };
    await made.clock.runUntil(made.service.refund({ ...to, settlementId: 'r2', amount: '100.00' }));
    await made.clock.runUntil(made.service.waitForSettlement('r2'));
    await forgetAll(made, ['r1', 'r2']);
    const rest = await made.clock.runUntil(made.service.refund({ ...to, settlementId: 'r3' }));
    expect(rest.amount).toBe('400.00');
  });

  it('of which a process dies at any call is made once, and sent only when the original keeps it', async () => {
    for (let atCall = 1; ; atCall++) {
      const made = await world();
      await made.settle();
      const mortal = createMortal(made.clock, { atCall, effect: 'after' });
      const dying = new SettlementService({
        network: mortal.network(made.chain.factory),
        journal: mortal.journal(made.journal),
        clock: mortal.clock,
        random: createSeededRandom(atCall),
        transport: async () => Promise.reject(new Error('A model network sends nothing.')),
        policy: { tickMs: 60_000 },
      });
      await made.clock.runUntil(made.service.shutdown());
      const refunded = dying.initialize().then(() => dying.refund({ ...REFUND, amount: '300.00' }));
      refunded.catch(() => undefined);
      await made.clock.advance(3000);
      const next = await made.another({ seed: 50 });
      const other = next.service.refund({ ...REFUND, settlementId: 'r2', amount: '300.00' }).catch(() => undefined);
      await made.clock.runUntil(other);
      await made.clock.runUntil(next.service.refund({ ...REFUND, amount: '300.00' }).catch(() => undefined));
      await made.clock.advance(2 * MINUTE_MS);
      expect([atCall, made.held('acct:bob')]).toEqual([atCall, 300_000_000n]);
      const original = (await made.journal.read(settlementKinds('model').settlements, REQUEST.settlementId))?.body;
      const kept = (original as SettlementRecord).refunds?.filter(({ accepted }) => accepted) ?? [];
      expect([atCall, kept.map(({ units }) => units)]).toEqual([atCall, ['300000000']]);
      const isAlive = !mortal.dead;
      if (isAlive) await made.clock.runUntil(dying.shutdown());
      // Whoever asked it waits for ten minutes.
      else await made.clock.advance(10 * MINUTE_MS);
      if (isAlive) break;
    }
  });

  it('asked for twice at once, by two processes, is the same one for both', async () => {
    const { settle, service, clock, another, journal } = await world();
    await settle();
    let first: Promise<unknown> | undefined;
    const slower: typeof journal = Object.assign(Object.create(journal) as typeof journal, {
      list: async (...args: Parameters<typeof journal.list>) => {
        await (first ??= service.refund(REFUND));
        return journal.list(...args);
      },
    });
    const other = await another({ journal: slower });
    const second = await clock.runUntil(other.service.refund(REFUND));
    expect(second).toMatchObject({ settlementId: 'r1', amount: '500.00' });
  });

  it('asked for again is the same one; with another recipient it is a conflict', async () => {
    const { settle, service, clock } = await world();
    await settle();
    const first = await clock.runUntil(service.refund({ ...REFUND, amount: '1.00' }));
    const again = await clock.runUntil(service.refund({ ...REFUND, amount: '1' }));
    expect(again.createdAt).toBe(first.createdAt);
    await expect(service.refund({ ...REFUND, toAddress: 'acct:eve' })).rejects.toMatchObject({
      code: 'IDEMPOTENCY_CONFLICT',
    });
  });

  it('of what is not settled, not there, or a refund itself, is refused', async () => {
    const { service, clock, settle } = await world();
    await expect(service.refund(REFUND)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await clock.runUntil(service.settlePayment(REQUEST));
    await expect(service.refund(REFUND)).rejects.toMatchObject({ field: 'originalSettlementId' });
    await settle();
    await clock.runUntil(service.refund(REFUND));
    const twice = service.refund({ ...REFUND, settlementId: 'r2', originalSettlementId: 'r1' });
    await expect(twice).rejects.toMatchObject({ field: 'originalSettlementId' });
    await expect(service.refund({ ...REFUND, settlementId: REQUEST.settlementId })).rejects.toMatchObject({
      field: 'settlementId',
    });
  });
});

describe('liquidity', () => {
  const usd = { currency: 'USD', amount: '10.00' };
  const eur = { currency: 'EUR', amount: '9.00' };

  it('is added, taken out and swapped, each in a transaction of its own', async () => {
    const { service, clock, ledger } = await world();
    const requests = [
      { settlementId: 'l1', pool: 'usd/eur', operation: 'add', desired: [usd, eur], minimum: [usd, eur] },
      { settlementId: 'l2', pool: 'usd/eur', operation: 'remove', shares: '1000', minimum: [usd, eur] },
      { settlementId: 'l3', pool: 'usd/eur', operation: 'swap', pay: usd, minimum: eur },
    ] as const;
    await clock.runUntil(Promise.all(requests.map((request) => service.settleLiquidity(request))));
    const all = await clock.runUntil(
      Promise.all(requests.map(({ settlementId }) => service.waitForSettlement(settlementId))),
    );
    expect(all.map(({ status, kind }) => [status, kind])).toEqual(requests.map(() => ['settled', 'liquidity']));
    expect(ledger.commits.map(({ transaction }) => transaction.call.kind).toSorted()).toEqual([
      'add-liquidity',
      'remove-liquidity',
      'swap',
    ]);
    expect(all[2]?.proofs).toEqual([{ event: 0, account: SENDER, asset: 'asset:eur', amount: '9000000' }]);
  });

  it.each([
    [{ operation: 'burn' }, 'operation'],
    [{ operation: 'swap', pool: '', pay: usd, minimum: eur }, 'pool'],
    [{ operation: 'swap', pool: 'p', pay: { currency: 'XYZ', amount: '1' }, minimum: eur }, 'pay.currency'],
    [{ operation: 'add', pool: 'p', desired: [usd], minimum: [usd, eur] }, 'desired'],
    [{ operation: 'remove', pool: 'p', shares: '1.5', minimum: [usd, eur] }, 'shares'],
    [{ operation: 'swap', pool: 'p', pay: usd, minimum: eur, shares: '1' }, 'shares'],
  ])('%j is refused by name', async (request, field) => {
    const { service } = await world();
    const asked = service.settleLiquidity({ settlementId: 'l1', ...request } as never);
    await expect(asked).rejects.toMatchObject({ code: 'INVALID_REQUEST', field });
  });

  it('above the limit is refused', async () => {
    const { service } = await world({ maxSettlementAmount: '5.00' });
    const asked = service.settleLiquidity({ settlementId: 'l1', pool: 'p', operation: 'swap', pay: usd, minimum: eur });
    await expect(asked).rejects.toMatchObject({ field: 'amount' });
  });
});
