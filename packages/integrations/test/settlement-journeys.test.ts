import { inspect } from 'node:util';

import type { Settlement } from '@canza/blockchain';
import { createRecordingLogger } from '@canza/core/testing';
import { afterEach, describe, expect, it } from 'vitest';

import {
  recipient,
  request,
  type SettlementChain,
  startSettlementChain,
  TREASURY,
  TREASURY_KEY,
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

describe('a settlement on Aptos', () => {
  it('of 500.00 USD arrives once, and shows sender, recipient, status and hash', async () => {
    const on = await open();
    const logger = createRecordingLogger();
    const seen: Settlement[] = [];
    const service = await on.start({ logger, maxSettlementAmount: '100000.0', autoConfirm: true });
    service.on('settlement.changed', ({ settlement }) => void seen.push(settlement));
    const sent = await service.settlePayment(request(1));
    expect(sent).toMatchObject({ status: 'pending', moneyMoved: 'maybe', fromAddress: TREASURY });
    const settled = await service.waitForSettlement('s1');
    expect(settled).toMatchObject({
      status: 'settled',
      moneyMoved: 'yes',
      amount: '500.00',
      toAddress: recipient(1),
      transactionHash: sent.transactionHash,
    });
    const committed = on.server.emulator.chain.committed(settled.transactionHash as `0x${string}`);
    expect(String(committed?.version)).toBe(settled.ledgerVersion);
    expect([on.held(1), on.arrivals(1)]).toEqual([usd(500), 1]);
    const said = inspect([seen, logger.lines, service, service.metrics()], { depth: 9 });
    expect(said).not.toContain(TREASURY_KEY);
  });

  it('and a hundred more share transactions, each with its own proof and its share of the fee', async () => {
    const on = await open();
    const service = await on.start();
    const lines = Array.from({ length: 101 }, (_, index) => request(index, { amount: '1.00' }));
    for await (const { outcome } of service.settleBatch(lines)) expect(outcome).toBe('accepted');
    const all = await Promise.all(lines.map(({ settlementId }) => service.waitForSettlement(settlementId)));
    expect(all.every(({ status }) => status === 'settled')).toBe(true);
    expect(new Set(all.map(({ transactionHash }) => transactionHash)).size).toBeLessThanOrEqual(3);
    expect(lines.map((_, index) => on.arrivals(index))).toEqual(lines.map(() => 1));
    expect(new Set(all.map(({ proofs }) => proofs?.[0]?.account)).size).toBe(101);
    const { feesPaid, settlementsPerTransaction } = service.metrics();
    expect(settlementsPerTransaction).toBeGreaterThan(30);
    const shares = all.reduce((sum, { fee = '0' }) => sum + BigInt(fee), 0n);
    expect(BigInt(feesPaid) - shares).toBeLessThan(200n);
  });

  it('with nonces instead of numbers arrives just the same', async () => {
    const on = await open();
    const service = await on.start({ batching: { maxDelayMs: 0 } }, { replayProtection: 'orderless' });
    const lines = Array.from({ length: 5 }, (_, index) => request(index));
    await Promise.all(lines.map((line) => service.settlePayment(line)));
    const all = await Promise.all(lines.map(({ settlementId }) => service.waitForSettlement(settlementId)));
    expect(all.map(({ status }) => status)).toEqual(lines.map(() => 'settled'));
    expect(lines.map((_, index) => on.arrivals(index))).toEqual([1, 1, 1, 1, 1]);
  });

  it('goes by several senders, whose fees one account pays', async () => {
    const keys = ['a1', 'b2', 'c3'].map((byte) => byte.repeat(32));
    const payer = 'd4'.repeat(32);
    const on = await open([...keys, payer]);
    const network = { senders: keys.map((privateKey) => ({ privateKey })), feePayer: { privateKey: payer } };
    const service = await on.start({ batching: { maxDelayMs: 0 } }, network);
    const lines = Array.from({ length: 12 }, (_, index) => request(index));
    const sent = await Promise.all(lines.map((line) => service.settlePayment(line)));
    expect(new Set(sent.map(({ fromAddress }) => fromAddress)).size).toBeGreaterThan(1);
    const all = await Promise.all(lines.map(({ settlementId }) => service.waitForSettlement(settlementId)));
    expect(all.map(({ status }) => status)).toEqual(lines.map(() => 'settled'));
    const fees = on.server.emulator.books.movements({ kind: 'fee' });
    expect(new Set(fees.map(({ from }) => from)).size).toBe(1);
  });

  it('is given back in part, and never above what was paid', async () => {
    const on = await open();
    const service = await on.start();
    await service.settlePayment(request(1));
    await service.waitForSettlement('s1');
    const refund = { settlementId: 'r1', originalSettlementId: 's1', toAddress: recipient(9), amount: '500.01' };
    await expect(service.refund(refund)).rejects.toMatchObject({ code: 'INVALID_REQUEST', field: 'amount' });
    await service.refund({ ...refund, amount: '200.00' });
    expect(await service.waitForSettlement('r1')).toMatchObject({ status: 'settled', originalSettlementId: 's1' });
    expect(on.held(9)).toBe(usd(200));
  });

  it('is refused above the limit, with an expired quote, and to what is no address', async () => {
    const on = await open();
    const quotes = {
      quote: async () => ({ rate: '0.01', toAmount: '5.00', expiresAtMs: Date.now() + 60_000 }),
    };
    const service = await on.start({ maxSettlementAmount: '100.00', quotes });
    await expect(service.settlePayment(request(1))).rejects.toMatchObject({ field: 'amount', moneyMoved: 'no' });
    const kes = { amount: '100', fromCurrency: 'KES' };
    const expired = { rate: '0.01', toAmount: '5.00', expiresAtMs: Date.now() - 1 };
    const late = service.settlePayment(request(2, { ...kes, quote: expired }));
    await expect(late).rejects.toMatchObject({ field: 'quote', moneyMoved: 'no' });
    await expect(service.settlePayment(request(3, { amount: '1', toAddress: '0xzz' }))).rejects.toMatchObject({
      field: 'toAddress',
    });
    await service.settlePayment(request(4, kes));
    expect(await service.waitForSettlement('s4')).toMatchObject({ status: 'settled', quote: { toAmount: '5.00' } });
    expect([on.held(1), on.held(2), on.held(4)]).toEqual([0n, 0n, usd(5)]);
  });
});
