import type { Settlement, SettlementService } from '@canza/blockchain';
import type { Payment } from '@canza/core';
import { settlementIdOf } from '@canza/integrations';
import type { MMOBridge } from '@canza/mobile-money';

/**
 * Settles on the chain what was paid over mobile money. The settlement's id is derived from the payment's: however often a payment is handed
 * in, by an event, by a sweep after a crash, by both at once, it is settled once.
 */
export async function settlePaid(service: SettlementService, payment: Payment, toAddress: string): Promise<Settlement> {
  const { transactionId, amount, currency } = payment;
  const settlementId = settlementIdOf(transactionId);
  await service.settlePayment({
    settlementId,
    amount,
    fromCurrency: currency,
    toCurrency: 'USD',
    toAddress,
    description: `paid with receipt ${payment.receipt ?? 'unknown'}`,
  });
  return service.waitForSettlement(settlementId, { timeoutMs: 60_000 });
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
