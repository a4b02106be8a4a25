import { AptosClient } from '@canza/blockchain/aptos';
import type { Payment } from '@canza/core';
import type { StatementLine } from '@canza/mobile-money';
import { afterEach, expect, test } from 'vitest';

import { type BundleSources, buildReconciliationBundle, settlementIdOf } from '../src/reconciliation-bundle.ts';
import { createJourney, type Journey } from './support/daraja-journey.ts';
import {
  recipient,
  type SettlementChain,
  startSettlementChain,
  TREASURY_KEY,
  USDC,
  usd,
} from './support/settlement-chain.ts';

let daraja: Journey | undefined;
let chain: SettlementChain | undefined;
afterEach(async () => {
  await daraja?.close();
  chain?.audit();
  await chain?.close();
  daraja = chain = undefined;
});

/** Two customers pay; what they paid is settled, handed in by two processes at once; all four books are read. */
async function collectAndSettle(): Promise<BundleSources & { readonly payments: readonly Payment[] }> {
  const operator = (daraja = createJourney());
  const ledger = (chain = await startSettlementChain());
  const { bridge } = await operator.start();
  const payments: Payment[] = [];
  for (const number of [1, 2]) {
    const transactionId = `order_${number}`;
    const phoneNumber = `+25472200000${number}`;
    const asked = { transactionId, type: 'collection', amount: '1000.00', currency: 'KES', phoneNumber } as const;
    await operator.clock.runUntil(bridge.initiateTransaction(asked));
    await operator.clock.runUntil(bridge.waitForTransaction(transactionId, { timeoutMs: 600_000 }));
    payments.push(await bridge.getTransaction(transactionId));
  }
  const quotes = { quote: async () => ({ rate: '0.008', toAmount: '8.00', expiresAtMs: Date.UTC(2100, 0) }) };
  const services = [await ledger.start({ quotes }), await ledger.start({ quotes })];
  const settlements = await Promise.all(
    payments.map(async ({ transactionId, amount, currency }, index) => {
      const settlementId = settlementIdOf(transactionId);
      const wanted = { settlementId, amount, fromCurrency: currency, toCurrency: 'USD', toAddress: recipient(index) };
      await Promise.all(services.map((service) => service.settlePayment(wanted)));
      return services[0]!.waitForSettlement(settlementId);
    }),
  );
  const client = new AptosClient({
    nodeUrl: ledger.server.nodeUrl,
    privateKey: TREASURY_KEY,
    assets: { USD: { fungibleAsset: USDC, decimals: 6 } },
  });
  const hashes = new Set(settlements.map(({ transactionHash = '' }) => transactionHash));
  const transactions = await Promise.all([...hashes].map((hash) => client.waitForTransaction(hash)));
  await client.close();
  const statement = operator.daraja.books.charges().map(
    ({ receipt, accountReference: referenceStart }): StatementLine => ({
      receipt,
      amount: '1000.00',
      currency: 'KES',
      referenceStart,
    }),
  );
  return { payments, statement, settlements, transactions };
}

test('what was collected is settled once, and statement, records and chain agree', async () => {
  const sources = await collectAndSettle();
  const { journeys, differences } = buildReconciliationBundle(sources);
  expect(differences).toEqual([]);
  expect(journeys).toHaveLength(2);
  for (const [index, journey] of journeys.entries()) {
    expect(journey.payment.attempts[0]?.reference).toMatch(new RegExp(`^${journey.line?.referenceStart}`, 'i'));
    expect(journey.transaction?.hash).toBe(journey.settlement?.transactionHash);
    expect([chain?.held(index), chain?.arrivals(index)]).toEqual([usd(8), 1]);
  }
});

test('whatever does not match is listed, source by source', async () => {
  const sources = await collectAndSettle();
  const [first, second] = [...sources.settlements];
  const [line, other] = [...sources.statement];
  const [paid] = sources.payments;
  if (!first || !second || !line || !other || !paid) throw new Error('Two payments were expected.');
  const kinds = (change: Partial<BundleSources>): readonly string[] =>
    buildReconciliationBundle({ ...sources, ...change }).differences.map(({ kind }) => kind);
  const transactions = [...sources.transactions];
  const hollow = transactions.map((each) => ({ ...each, deposits: each.deposits.slice(1) }));

  expect(kinds({ statement: [line] })).toEqual(['missing-in-statement']);
  expect(kinds({ statement: [line, other, { receipt: 'XX1', amount: '5.00', currency: 'KES' }] })).toEqual([
    'statement-unknown-to-us',
  ]);
  expect(kinds({ statement: [line, line, other] })).toEqual(['doubled-in-statement']);
  expect(kinds({ statement: [{ ...line, amount: '999.00' }, other] })).toEqual(['collected-amount-differs']);
  expect(kinds({ payments: sources.payments.map((each) => ({ ...each, status: 'review' as const })) })).toEqual([
    'collected-status-differs',
    'settled-uncollected',
    'collected-status-differs',
    'settled-uncollected',
  ]);
  expect(kinds({ settlements: [first] })).toContain('not-settled');
  expect(kinds({ settlements: [first, { ...second, status: 'pending' }] })).toEqual(['not-settled']);
  expect(kinds({ settlements: [{ ...first, amount: '1000.01' }, second] })).toEqual(['settled-amount-differs']);
  expect(kinds({ transactions: [] })).toEqual(['missing-on-chain', 'missing-on-chain']);
  expect(kinds({ transactions: transactions.map((each) => ({ ...each, success: false })) })).toEqual([
    'missing-on-chain',
    'missing-on-chain',
  ]);
  expect(kinds({ transactions: hollow })).toContain('not-arrived');
  expect(kinds({ transactions: [...transactions, { hash: '0xfeed', success: true, deposits: [] }] })).toEqual([
    'chain-unknown-to-us',
  ]);
});

test('one deposit never proves two settlements of the same amount to the same recipient', async () => {
  const sources = await collectAndSettle();
  const [first] = [...sources.settlements];
  const [paid, alsoPaid] = sources.payments;
  if (!first || !paid || !alsoPaid) throw new Error('Two payments were expected.');
  const twin = { ...first, settlementId: settlementIdOf(alsoPaid.transactionId) };
  const { differences } = buildReconciliationBundle({ ...sources, settlements: [first, twin] });
  expect(differences).toContainEqual(
    expect.objectContaining({ kind: 'not-arrived', settlementId: twin.settlementId, expected: 'USD 8.00' }),
  );
});
