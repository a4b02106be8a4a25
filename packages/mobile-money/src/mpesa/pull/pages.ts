import type { PullPeriod } from './requests.ts';
import type { PulledPayment } from './responses.ts';

/**
 * Reads page after page until one is empty, or brings nothing that was not there before: a server that takes no notice of the
 * offset must not be asked for ever.
 */
export async function* pagesOf(
  period: Omit<PullPeriod, 'offset'>,
  pull: (period: PullPeriod) => Promise<readonly PulledPayment[]>,
): AsyncGenerator<PulledPayment, void, undefined> {
  const seen = new Set<string>();
  for (let offset = 0; ; ) {
    const page = await pull({ ...period, offset });
    const fresh = page.filter(({ receipt }) => !seen.has(receipt));
    if (fresh.length === 0) return;
    for (const payment of fresh) {
      seen.add(payment.receipt);
      yield payment;
    }
    offset += page.length;
  }
}
