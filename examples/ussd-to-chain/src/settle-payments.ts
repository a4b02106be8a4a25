import type { Settlement, SettlementService } from '@canza/blockchain';
import type { Payment } from '@canza/core';
import type { MMOBridge } from '@canza/mobile-money';

/**
 * Settles on the chain what was paid over mobile money. The settlement has the payment's id: however often a payment is handed in, by an
 * event, by a sweep after a crash, by both at once, it is settled once.
 */
export async function settlePaid(service: SettlementService, payment: Payment, toAddress: string): Promise<Settlement> {
  const { transactionId, amount, currency } = payment;
  await service.settlePayment({
    settlementId: transactionId,
    amount,
    fromCurrency: currency,
    toCurrency: 'USD',
    toAddress,
    description: `paid with receipt ${payment.receipt ?? 'unknown'}`,
  });
  return service.waitForSettlement(transactionId, { timeoutMs: 60_000 });
}

/** What a process that starts does first: everything that was paid, and may not have been settled, is handed in again. */
export async function sweep(
  bridge: MMOBridge,
  service: SettlementService,
  addressOf: (payment: Payment) => string,
): Promise<readonly Settlement[]> {
  const settled: Settlement[] = [];
  for (let cursor: string | undefined; ; ) {
    const page = await bridge.findTransactions({ status: 'succeeded', ...(cursor === undefined ? {} : { cursor }) });
    for (const payment of page.payments) settled.push(await settlePaid(service, payment, addressOf(payment)));
    cursor = page.cursor;
    if (cursor === undefined) return settled;
  }
}

/** One file that tells an auditor the whole story: who was asked, what the operator said, what the ledger shows. */
export function bundle(payment: Payment, settlement: Settlement) {
  return {
    id: payment.transactionId,
    collected: {
      amount: `${payment.currency} ${payment.amount}`,
      from: payment.phoneNumber,
      route: payment.route,
      receipt: payment.receipt,
      references: payment.attempts.map(({ reference }) => reference),
      evidence: payment.evidence.map(({ source, code, detail }) => [source, code, detail].filter(Boolean).join(': ')),
    },
    settled: {
      network: settlement.network,
      to: settlement.toAddress,
      quote: settlement.quote,
      transactionHash: settlement.transactionHash,
      ledgerVersion: settlement.ledgerVersion,
      settledAt: settlement.settledAt,
      proofs: settlement.proofs,
    },
  };
}
