import { type CallOptions, PaymentError, sleep, withDeadline } from '@canza/core';

import { type CommittedTransaction, readTransactionAnswer } from '../fullnode/transaction-answer.ts';
import type { CarryOutPorts } from './carry-out.ts';

const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 1000;

/**
 * Asks for a hash until some node shows it carried out. Not being found, not being answered, and being forgotten are waited through: none of
 * them says that it will not happen.
 * @throws DeadlineError or AbortedError, with `moneyMoved: 'maybe'`.
 */
export function waitUntilCommitted(
  { fullnode, clock }: CarryOutPorts,
  hash: string,
  options: CallOptions & { readonly timeoutMs: number },
): Promise<CommittedTransaction> {
  const deadline = { ...options, what: `Waiting for transaction ${hash}`, moneyMoved: 'maybe' as const };
  return withDeadline(clock, deadline, async (signal) => {
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
      try {
        const request = { method: 'GET', path: `transactions/wait_by_hash/${hash}` } as const;
        const seen = readTransactionAnswer(await fullnode.read(request, { signal }), hash);
        if (seen.status === 'committed') return seen.transaction;
      } catch (error) {
        if (!PaymentError.isInstance(error) || signal.aborted) throw error;
      }
      await sleep(clock, pauseMs, signal);
    }
  });
}
