/** Your app: takes an order's money, and says what the shop should do. It knows the bridge, and no operator. */
import type { MMOBridge } from '@canza/mobile-money';

export interface Order {
  readonly id: string;
  readonly total: string;
  readonly phoneNumber: string;
}

export type Verdict = 'hand over the goods' | 'keep the goods' | 'ask a person';

export async function checkOut(bridge: MMOBridge, order: Order): Promise<Verdict> {
  await bridge.initiateTransaction({
    transactionId: `order-${order.id}`,
    type: 'collection',
    amount: order.total,
    currency: 'KES',
    phoneNumber: order.phoneNumber,
  });
  const { moneyMoved } = await bridge.waitForTransaction(`order-${order.id}`, { timeoutMs: 48 * 3_600_000 });
  if (moneyMoved === 'yes') return 'hand over the goods';
  return moneyMoved === 'no' ? 'keep the goods' : 'ask a person';
}
