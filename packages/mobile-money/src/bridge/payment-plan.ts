import {
  type Attempt,
  type Evidence,
  type FailureReason,
  isFinal,
  movePayment,
  type PaymentRecord,
  type Route,
} from '@canza/core';

import type { AttemptAge } from './attempt-ages.ts';
import { evidence } from './evidence.ts';
import type { BridgePolicy } from './policy.ts';
import { maySendAgain } from './resend.ts';

/**
 * What to do next with a payment: the rules of the bridge, pure. What to make of what was learned is in payment-learning.ts and
 * callback-learning.ts.
 *
 * They serve one promise. Another attempt is made only when every attempt before it is proven to have moved nothing. Only a
 * listed code ends a payment. Whatever else comes (a time-out, rubbish, a code that nobody knows) is looked up until it is
 * known, and goes to a person at the deadline.
 */

/** What the rules may look at besides the record. */
export interface PlanContext {
  readonly nowMs: number;
  readonly policy: BridgePolicy;
  /** Ways to the wallet, best first; for a payout, those of the likeliest operator first. */
  readonly routes: readonly Route[];
  /** The journal may have lost what it had acknowledged: of any payment a later attempt may be among it. */
  readonly mayHaveForgotten?: boolean;
  /** How old an attempt is at least, whatever wall clocks say. */
  readonly ageOf: (attempt: Attempt) => AttemptAge;
  /** Draws the callback address of the next attempt. */
  readonly drawToken: (record: PaymentRecord) => string;
}

export type Step =
  /** Over the first of these that can be used now. */
  | { readonly do: 'send'; readonly routes: readonly Route[]; readonly number: number }
  | { readonly do: 'query'; readonly attempt: Attempt; readonly route: Route }
  /** The same request under the same reference; or a query, where the route is closed just now. */
  | { readonly do: 'send-again'; readonly attempt: Attempt; readonly route: Route }
  /** The process that sent it was not heard of again: its reply counts as lost. */
  | { readonly do: 'give-up-reply'; readonly attempt: Attempt }
  | { readonly do: 'review'; readonly why: string; readonly askAgainAtMs?: number | null }
  | { readonly do: 'fail'; readonly reason: FailureReason; readonly why: string }
  | { readonly do: 'wait'; readonly untilMs: number }
  | { readonly do: 'rest' };

/** The next step of a payment. */
export function nextStep(record: PaymentRecord, context: PlanContext): Step {
  const { nowMs, policy, routes } = context;
  const attempt = record.attempts.at(-1);
  if (isFinal(record.status) || record.dueAtMs === null) return { do: 'rest' };
  if (record.dueAtMs > nowMs) return { do: 'wait', untilMs: record.dueAtMs };
  if (record.status === 'created') {
    if (nowMs - record.createdAtMs > policy.sendWithinMs[record.type]) {
      const reason = attempt === undefined ? 'never-sent' : lastReason(record);
      return { do: 'fail', reason, why: 'It could not be sent in the time in which it made sense.' };
    }
    const open = openRoutes(record, routes);
    if (open.length === 0) return { do: 'fail', reason: lastReason(record), why: 'No route is left.' };
    return { do: 'send', routes: open, number: (attempt?.number ?? 0) + 1 };
  }
  if (attempt === undefined) return { do: 'review', why: 'The record says that a send began, and names no attempt.' };
  if (record.status === 'sending') return { do: 'give-up-reply', attempt };
  if (record.status === 'pending' && nowMs - attempt.startedAtMs >= policy.reviewAfterMs) {
    const why = 'The operator did not tell the outcome within the deadline.';
    return { do: 'review', why, askAgainAtMs: nextLookInReview(attempt, context) };
  }
  const route = routes.find(({ id }) => id === attempt.routeId);
  if (route === undefined) {
    return { do: 'review', why: `Route "${attempt.routeId}" is no longer configured, so nobody can be asked.` };
  }
  return { do: maySendAgain(record, attempt, route, context) ? 'send-again' : 'query', attempt, route };
}

const HOUR_MS = 3_600_000;

/**
 * When the operator of a payment in `review` is asked again: rarer and rarer, first after an hour, and not for ever. `null` for never
 * again.
 */
export function nextLookInReview({ startedAtMs }: Attempt, { nowMs, policy }: PlanContext): number | null {
  const ageMs = nowMs - startedAtMs;
  if (ageMs >= policy.askInReviewForMs) return null;
  return nowMs + Math.max(HOUR_MS, Math.floor(ageMs / 4));
}

/**
 * The routes over which another attempt may be made, now that all before it are proven to have moved nothing: those to the same
 * operator that were not tried yet; or, when the last attempt never left because the door was closed for a moment, the same
 * one again. Only a payout whose recipient an operator definitely does not know goes on to the next likely operator.
 */
export function openRoutes(record: PaymentRecord, routes: readonly Route[]): readonly Route[] {
  if (record.attempts.length === 0) return routes.filter((route) => route.operator === record.operators[0]);
  const tried = new Set(record.attempts.map(({ routeId }) => routeId));
  const ruledOut = new Set(
    record.attempts
      .filter(({ outcome }) => outcome === 'recipient-not-found')
      .map(({ routeId }) => routes.find(({ id }) => id === routeId)?.operator),
  );
  const operator = record.operators.find((each) => !ruledOut.has(each));
  const same = routes.filter((route) => route.operator === operator);
  const untried = same.filter(({ id }) => !tried.has(id));
  const last = record.attempts.at(-1);
  return untried.length > 0 || last?.outcome !== 'never-left' ? untried : same.filter(({ id }) => id === last.routeId);
}

const lastReason = (record: PaymentRecord): FailureReason => {
  const last = record.attempts.at(-1)?.outcome;
  return last === undefined || last === 'never-left' ? 'route-unavailable' : last;
};

/** Begins an attempt. Written to the journal before anything is sent. */
export function beginAttempt(record: PaymentRecord, attempt: Attempt, { nowMs, policy }: PlanContext): PaymentRecord {
  return movePayment(record, nowMs, {
    status: 'sending',
    attempts: [...record.attempts, attempt],
    dueAtMs: nowMs + policy.submitTimeoutMs + policy.leaseMs,
  });
}

/** Puts a payment off that could not be sent just now: no attempt was made, and nothing left. */
export function putOff(record: PaymentRecord, delayMs: number, why: string, { nowMs }: PlanContext): PaymentRecord {
  const learned: Evidence = {
    atMs: nowMs,
    source: 'local',
    attempt: 0,
    moneyMoved: 'no',
    code: 'PUT_OFF',
    detail: why,
  };
  const known = record.evidence.at(-1)?.detail === why;
  return movePayment(record, nowMs, { dueAtMs: nowMs + Math.ceil(delayMs), learned: known ? [] : [learned] });
}

/** Ends a payment of which nothing ever left. */
export function giveUp(
  record: PaymentRecord,
  reason: FailureReason,
  why: string,
  { nowMs }: PlanContext,
): PaymentRecord {
  const learned: Evidence = { atMs: nowMs, source: 'local', attempt: 0, moneyMoved: 'no', code: reason, detail: why };
  return movePayment(record, nowMs, { status: 'failed', reason, learned: [learned] });
}

/** Counts the reply of an attempt as lost: from now on it is looked up. */
export function giveUpReply(record: PaymentRecord, attempt: Attempt, context: PlanContext): PaymentRecord {
  const learned = evidence(context, 'local', attempt, 'maybe', 'NO_REPLY', 'The reply was not recorded in time.');
  const attempts = [...record.attempts.slice(0, -1), inDoubt(attempt, context)];
  return movePayment(record, context.nowMs, {
    status: 'pending',
    attempts,
    dueAtMs: context.nowMs,
    learned: [learned],
  });
}

/**
 * An attempt that is open while the journal may have forgotten what came after it: that stays so, also once somebody has compared the books,
 * who need not have known of it.
 */
export const inDoubt = (attempt: Attempt, { mayHaveForgotten }: PlanContext): Attempt =>
  mayHaveForgotten === true && attempt.mayBeFollowed !== true ? { ...attempt, mayBeFollowed: true } : attempt;

/**
 * Gives a payment to a person.
 * @param dueAtMs When its operator is asked again all the same; left out where that could bring nothing new.
 */
export function toReview(
  record: PaymentRecord,
  why: string,
  { nowMs }: PlanContext,
  dueAtMs: number | null = null,
): PaymentRecord {
  const attempt = record.attempts.at(-1)?.number ?? 0;
  const learned: Evidence = { atMs: nowMs, source: 'local', attempt, moneyMoved: 'maybe', code: 'REVIEW', detail: why };
  return movePayment(record, nowMs, { status: 'review', dueAtMs, learned: [learned] });
}
