import { type Attempt, movePayment, type PaymentRecord, type Route } from '@canza/core';

import { evidence } from './evidence.ts';
import type { PlanContext } from './payment-plan.ts';

/**
 * The one way in which an attempt goes out more than once: the same request under the same reference, to an operator that is
 * documented to take a reference once. It turns a request that got lost into a payment, where it would end as a question for a person.
 *
 * From the second send on, a refusal proves nothing: it may be of the second request while the first one is being carried out.
 * Source: docs/decisions/0021-sending-again.md
 */

/** Sends of one attempt, the first included. */
const MOST_SENDS = 3;

/** When an attempt went out last. */
export const lastSentAtMs = ({ startedAtMs, sentAgain }: Attempt): number => sentAgain?.lastAtMs ?? startedAtMs;

/**
 * Between when an attempt in doubt may go out again, in milliseconds since 1970; `undefined` where it may not: the route does not allow it, the
 * operator was not asked yet or has shown that it knows it, a callback has spoken of it, or it would make no sense any more.
 */
export function resendWindowOf(
  record: PaymentRecord,
  attempt: Attempt,
  { deduplicates, resend }: Route,
  { policy }: PlanContext,
): { readonly fromMs: number; readonly untilMs: number } | undefined {
  if (resend === undefined || !deduplicates || record.status !== 'pending') return undefined;
  if (
    attempt.onlyLookedUp === true ||
    attempt.acknowledged === true ||
    (attempt.claims?.length ?? 0) > 0 ||
    attempt.queries === 0
  )
    return undefined;
  if ((attempt.sentAgain?.times ?? 0) >= MOST_SENDS - 1) return undefined;
  const fromMs = lastSentAtMs(attempt) + resend.afterMs;
  const untilMs = Math.min(attempt.startedAtMs + resend.untilMs, record.createdAtMs + policy.sendWithinMs[record.type]);
  return fromMs <= untilMs ? { fromMs, untilMs } : undefined;
}

/** Whether it may go out again now. */
export function maySendAgain(record: PaymentRecord, attempt: Attempt, route: Route, context: PlanContext): boolean {
  const window = resendWindowOf(record, attempt, route, context);
  if (window === undefined || context.nowMs < window.fromMs || window.untilMs < context.nowMs) return false;
  const { sinceFirstSendMs } = context.ageOf(attempt);
  return sinceFirstSendMs <= (route.resend?.untilMs ?? 0);
}

/** Counts another send of an attempt. Written to the journal before the request leaves. */
export function beginAgain(record: PaymentRecord, attempt: Attempt, context: PlanContext): PaymentRecord {
  const { nowMs, policy } = context;
  const times = (attempt.sentAgain?.times ?? 0) + 1;
  const again: Attempt = { ...attempt, sentAgain: { times, lastAtMs: nowMs } };
  const detail =
    'Nothing is known of the request: it goes out again under the same reference, which the operator takes once.';
  return movePayment(record, nowMs, {
    attempts: [...record.attempts.slice(0, -1), again],
    dueAtMs: nowMs + policy.submitTimeoutMs + policy.leaseMs,
    learned: [evidence(context, 'local', again, 'maybe', 'SENT_AGAIN', detail)],
  });
}
