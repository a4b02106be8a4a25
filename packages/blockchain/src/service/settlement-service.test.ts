import { describe, expect, it } from 'vitest';

import { REQUEST, SENDER, world } from '../../test/settlement-world.ts';

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
});
