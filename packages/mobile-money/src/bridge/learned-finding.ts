import {
  type Attempt,
  type Evidence,
  type EvidenceSource,
  type FailureReason,
  type Finding,
  liesWith,
  type MoneyMoved,
  movePayment,
  type PaymentChange,
  type PaymentRecord,
  parseMoney,
  type Route,
  redactText,
  sameMoney,
} from '@canza/core';

import { evidence } from './evidence.ts';
import { lookUpNext, mayBeSentAtMs } from './forgotten-attempts.ts';
import { inDoubt, nextLookInReview, openRoutes, type PlanContext, toReview } from './payment-plan.ts';
import { resendWindowOf } from './resend.ts';

/**
 * What a finding makes of a payment, whoever brought it: paid, proven to have moved nothing, or still open and to be asked about
 * again. Pure.
 */

/** Takes in what an operator said of an attempt. */
export function takeIn(
  record: PaymentRecord,
  attempt: Attempt,
  finding: Finding,
  source: EvidenceSource,
  context: PlanContext,
): PaymentRecord {
  const known: Attempt = { ...attempt, references: { ...attempt.references, ...finding.references } };
  const current = { ...record, attempts: replaceLast(record, known) };
  const learned = (moneyMoved: MoneyMoved, detail = describe(finding)): Evidence =>
    evidence(context, source, known, moneyMoved, finding.code, detail);
  switch (finding.status) {
    case 'succeeded': {
      const asked = parseMoney(record.amount, record.currency);
      if (finding.money !== undefined && !sameMoney(finding.money, asked)) {
        return toReview(current, `The operator says that another amount was paid (${source}).`, context);
      }
      const receipt = finding.receipt ?? known.claimedReceipt;
      return movePayment(current, context.nowMs, {
        status: 'succeeded',
        attempts: replaceLast(record, { ...known, moneyMoved: 'yes' }),
        learned: [learned('yes')],
        ...(receipt === undefined ? {} : { receipt }),
      });
    }
    case 'failed':
      return disproveFor(current, known, finding.reason, learned('no'), context);
    case 'not-found': {
      const proofAfterMs = routeOf(known, context)?.timing.notFoundIsProofAfterMs ?? null;
      const byWallClockMs = context.nowMs - mayBeSentAtMs(record, known, context);
      // Where no process has lived long enough to measure it, wall clocks are believed for a day, which none of them is wrong by.
      const isOld = byWallClockMs >= (proofAfterMs ?? Infinity) + DAY_MS;
      const ageMs = isOld ? byWallClockMs : Math.min(byWallClockMs, context.ageOf(known).sinceLastSendMs);
      const contradicted = known.acknowledged === true || known.claims?.includes('succeeded') === true;
      if (contradicted || proofAfterMs === null || ageMs < proofAfterMs)
        return stillOpen(current, known, learned('maybe'), context);
      return disproveFor(current, known, 'never-sent', learned('no', 'The operator never received it.'), context);
    }
    case 'unaskable':
      if (context.nowMs - known.startedAtMs < context.policy.callbackOnlyMs) {
        return stillOpen(current, known, undefined, context);
      }
      return toReview(current, 'No reply and no callback came, and without an id nobody can be asked.', context);
    case 'pending':
    case 'unknown':
      return stillOpen(current, known, learned('maybe'), context);
  }
}

const DAY_MS = 86_400_000;

const LATER_MAY_BE_LOST = 'It moved nothing, but the journal may have lost an attempt that was made after it.';

/**
 * Takes in that an attempt moved nothing. A reason that lies with the way may have been found out before, and another way been taken since,
 * which the journal has forgotten: such an attempt is looked up first. Who has the reply to a send knows that nothing came after it.
 */
function disproveFor(
  record: PaymentRecord,
  attempt: Attempt,
  reason: FailureReason,
  learned: Evidence,
  context: PlanContext,
): PaymentRecord {
  if (attempt.onlyPaidEnds === true) {
    return stillOpen(record, attempt, { ...learned, moneyMoved: 'maybe' }, context);
  }
  const { mayBeFollowed } = inDoubt(attempt, context);
  const isUnsure = (mayBeFollowed === true && learned.source !== 'reply') || attempt.onlyLookedUp === true;
  if (!isUnsure || !mayGoOn(record, reason)) return disprove(record, attempt, reason, learned, context);
  const attempts = replaceLast(record, { ...attempt, moneyMoved: 'no', outcome: reason });
  const ended = { ...record, attempts, evidence: [...record.evidence, learned] };
  const next = lookUpNext(ended, context);
  if (next === 'none') return disprove(record, attempt, reason, learned, context);
  if (next !== 'untold') return next;
  const unsure = { ...record, attempts: replaceLast(record, { ...attempt, onlyPaidEnds: true }) };
  return toReview(unsure, LATER_MAY_BE_LOST, context, nextLookInReview(attempt, context));
}

/** The attempt is proven to have moved nothing: try another route if the reason lies with this one, or end. */
export function disprove(
  record: PaymentRecord,
  attempt: Attempt,
  reason: FailureReason,
  learned: Evidence,
  context: PlanContext,
): PaymentRecord {
  const attempts = replaceLast(record, { ...attempt, moneyMoved: 'no', outcome: reason });
  const ended = { ...record, attempts };
  const another = mayGoOn(record, reason) && openRoutes(ended, context.routes).length > 0;
  const inTime = context.nowMs - record.createdAtMs <= context.policy.sendWithinMs[record.type];
  const change: PaymentChange =
    another && inTime && record.status !== 'review'
      ? { status: 'created', attempts, dueAtMs: context.nowMs, learned: [learned] }
      : { status: 'failed', reason, attempts, learned: [learned] };
  return movePayment(record, context.nowMs, change);
}

/** Nothing left, for a passing reason: another route at once, or the same one a little later, as long as it makes sense. */
export function retryLater(
  record: PaymentRecord,
  attempt: Attempt,
  learned: Evidence,
  retryAfterMs: number | undefined,
  context: PlanContext,
): PaymentRecord {
  const attempts = replaceLast(record, { ...attempt, moneyMoved: 'no', outcome: 'never-left' });
  const [next] = openRoutes({ ...record, attempts }, context.routes);
  const delayMs =
    next !== undefined && next.id !== attempt.routeId
      ? 0
      : Math.max(retryAfterMs ?? 0, 1000 * 2 ** Math.min(attempt.number, 6));
  const lastMs = record.createdAtMs + context.policy.sendWithinMs[record.type];
  const change: PaymentChange =
    context.nowMs + delayMs <= lastMs
      ? { status: 'created', attempts, dueAtMs: context.nowMs + delayMs, learned: [learned] }
      : { status: 'failed', reason: 'route-unavailable', attempts, learned: [learned] };
  return movePayment(record, context.nowMs, change);
}

/** Entries of evidence among which the same is not written once more. */
const LATELY = 4;

/**
 * Whether the same was written down a moment ago: an operator that answers by callback says two things in turn, which would push out what
 * else is known.
 */
export const saidLately = ({ evidence: known }: PaymentRecord, { source, code, detail }: Evidence): boolean =>
  known.slice(-LATELY).some((each) => each.source === source && each.code === code && each.detail === detail);

/** Nothing final was learned: it is asked about again, at the time that its route and its age call for. */
export function stillOpen(
  record: PaymentRecord,
  attempt: Attempt,
  learned: Evidence | undefined,
  context: PlanContext,
): PaymentRecord {
  const repeats = learned !== undefined && saidLately(record, learned);
  return movePayment(record, context.nowMs, {
    attempts: replaceLast(record, inDoubt(attempt, context)),
    ...(record.status === 'review'
      ? { dueAtMs: nextLookInReview(attempt, context) }
      : { status: 'pending' as const, dueAtMs: context.nowMs + nextLookInMs(record, attempt, learned, context) }),
    learned: learned === undefined || repeats ? [] : [learned],
  });
}

export const acknowledge = (attempt: Attempt): Attempt => ({ ...attempt, acknowledged: true });

/** Adds to what is known, and changes nothing else. */
export const note = (record: PaymentRecord, learned: Evidence, { nowMs }: PlanContext): PaymentRecord =>
  movePayment(record, nowMs, { learned: [learned] });

/** A finding in words, for the evidence. */
export function describe(finding: Finding): string {
  const detail = finding.detail === undefined || finding.detail === '' ? '' : `: ${redactText(finding.detail)}`;
  return finding.status === 'failed' ? `failed, ${finding.reason}${detail}` : `${finding.status}${detail}`;
}

/** The attempts with the last one as it is now. */
export const replaceLast = (record: PaymentRecord, attempt: Attempt): readonly Attempt[] => [
  ...record.attempts.slice(0, -1),
  attempt,
];

/** Whether another way may be taken after that: it blames the way, or nobody there has the wallet that is to be paid. */
const mayGoOn = (record: PaymentRecord, reason: FailureReason): boolean =>
  liesWith(reason) === 'route' || (reason === 'recipient-not-found' && isPayout(record));

const isPayout = ({ type }: PaymentRecord): boolean => type === 'disbursement' || type === 'remittance';

/** When to look again: for a query, or because the request may go out again by then. */
function nextLookInMs(
  record: PaymentRecord,
  attempt: Attempt,
  learned: Evidence | undefined,
  context: PlanContext,
): number {
  const queryInMs = nextQueryInMs(attempt, learned?.source === 'query', context);
  const route = routeOf(attempt, context);
  const window = route === undefined ? undefined : resendWindowOf(record, attempt, route, context);
  if (route === undefined || window === undefined) return queryInMs;
  const sendInMs = window.fromMs - context.nowMs;
  // The window may be open already, where the operator has answered only now.
  return Math.min(queryInMs, sendInMs > 0 ? sendInMs : route.timing.queryEveryMs);
}

/** The route's own rhythm while the payer may still act; then twice as long each time, up to the slowest. */
function nextQueryInMs(attempt: Attempt, wasJustAsked: boolean, context: PlanContext): number {
  const timing = routeOf(attempt, context)?.timing;
  if (timing === undefined) return context.policy.slowestQueryMs;
  const ageMs = context.nowMs - attempt.startedAtMs;
  if (attempt.queries === 0 && !wasJustAsked) return Math.max(0, timing.firstQueryAfterMs - ageMs);
  if (ageMs < timing.settlesWithinMs) return timing.queryEveryMs;
  return Math.min(context.policy.slowestQueryMs, Math.max(timing.queryEveryMs, ageMs - timing.settlesWithinMs));
}

const routeOf = (attempt: Attempt, { routes }: PlanContext): Route | undefined =>
  routes.find(({ id }) => id === attempt.routeId);
