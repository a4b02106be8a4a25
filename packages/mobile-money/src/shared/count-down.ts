import { type CallOptions, type Clock, DeadlineError } from '@canza/core';

/**
 * Shares the time for one call among its steps: each call of the result gives what is left for the next step.
 * @throws DeadlineError from that, with `moneyMoved: 'no'`, when nothing is left to begin a step with.
 */
export function countDown(
  clock: Clock,
  { timeoutMs, signal }: CallOptions & { readonly timeoutMs: number },
  provider: string,
): () => CallOptions {
  const startedAtMs = clock.monotonicMs();
  return () => {
    const leftMs = timeoutMs - (clock.monotonicMs() - startedAtMs);
    if (leftMs <= 0) throw new DeadlineError('A request', timeoutMs, 'no', { provider });
    return { timeoutMs: leftMs, ...(signal === undefined ? {} : { signal }) };
  };
}
