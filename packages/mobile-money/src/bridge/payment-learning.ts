import {
  type Attempt,
  attemptReference,
  type Evidence,
  type FailureReason,
  type Finding,
  InvalidRequestError,
  isFinal,
  type MoneyMoved,
  movePayment,
  PaymentError,
  type PaymentRecord,
  redactText,
} from '@canza/core';

import { evidence } from './evidence.ts';
import { acknowledge, describe, disprove, replaceLast, retryLater, stillOpen, takeIn } from './learned-finding.ts';
import { type PlanContext, toReview } from './payment-plan.ts';

/**
 * What to make of what was learned about a payment: by a reply, a query, a statement or a person. Pure; callbacks are in
 * callback-learning.ts, and what to do next in payment-plan.ts, with the promise that all serve.
 */

/** What came back from a send: what the operator said, or why nothing did. */
export type SendResult = { readonly finding: Finding } | { readonly error: unknown };

/**
 * Takes in the result of a send. Returns the record itself when there is nothing left to learn, because a callback was
 * quicker.
 */
export function afterSend(
  record: PaymentRecord,
  number: number,
  result: SendResult,
  context: PlanContext,
): PaymentRecord {
  const attempt = record.attempts.find((each) => each.number === number);
  if (attempt === undefined || attempt !== record.attempts.at(-1)) return record;
  if (record.status !== 'sending' && record.status !== 'pending') return record;
  const isAgain = attempt.sentAgain !== undefined;
  if ('finding' in result) {
    const { finding } = result;
    // What a second request was refused for may have been looked at before the first one was.
    if (isAgain && finding.status === 'failed') {
      const detail = `of one of several requests: ${describe(finding)}`;
      return stillOpen(record, attempt, evidence(context, 'reply', attempt, 'maybe', finding.code, detail), context);
    }
    const known = finding.status === 'pending' ? acknowledge(attempt) : attempt;
    return takeIn(record, known, finding, 'reply', context);
  }
  const { error } = result;
  const known = PaymentError.isInstance(error) ? error : undefined;
  const detail = known?.message ?? 'The send ended in an unforeseen error.';
  const code = known?.providerCode ?? known?.code ?? 'UNFORESEEN';
  const learned = (moneyMoved: MoneyMoved): Evidence => evidence(context, 'reply', attempt, moneyMoved, code, detail);
  if (known?.code === 'DUPLICATE_REFERENCE') {
    const taken = acknowledge(attempt);
    return stillOpen({ ...record, attempts: replaceLast(record, taken) }, taken, learned('maybe'), context);
  }
  if (known?.moneyMoved !== 'no' || isAgain) return stillOpen(record, attempt, learned('maybe'), context);
  const reason = 'reason' in known ? (known as { reason: FailureReason }).reason : undefined;
  if (reason !== undefined) return disprove(record, attempt, reason, learned('no'), context);
  if (known.code === 'AUTHENTICATION') return disprove(record, attempt, 'route-misconfigured', learned('no'), context);
  if (known.code === 'INVALID_REQUEST' || known.code === 'UNSUPPORTED') {
    return disprove(record, attempt, 'request-refused', learned('no'), context);
  }
  return retryLater(record, attempt, learned('no'), known.retryAfterMs, context);
}

/** Takes in what a query answered, or that it did not. */
export function afterQuery(
  record: PaymentRecord,
  number: number,
  result: SendResult,
  context: PlanContext,
): PaymentRecord {
  const attempt = record.attempts.find((each) => each.number === number);
  if (attempt === undefined || attempt !== record.attempts.at(-1) || isFinal(record.status)) return record;
  const isAnswered = 'finding' in result && result.finding.status !== 'unaskable';
  const asked = isAnswered ? { ...attempt, queries: attempt.queries + 1 } : attempt;
  const counted = { ...record, attempts: replaceLast(record, asked) };
  const told = 'finding' in result && ['succeeded', 'failed'].includes(result.finding.status);
  const standing = told ? undefined : standingResult(asked, context);
  if (standing !== undefined) return takeIn(counted, asked, standing, 'callback', context);
  if ('finding' in result) {
    const { finding } = result;
    return takeIn(counted, finding.status === 'pending' ? acknowledge(asked) : asked, finding, 'query', context);
  }
  const known = PaymentError.isInstance(result.error) ? result.error : undefined;
  const learned = evidence(
    context,
    'query',
    asked,
    'maybe',
    known?.providerCode ?? known?.code ?? 'UNFORESEEN',
    known?.message ?? 'The query ended in an unforeseen error.',
  );
  return stillOpen(counted, asked, learned, context);
}

/** Takes in a line of the operator's statement, which is its last word: the money moved. */
export function afterStatement(
  record: PaymentRecord,
  number: number,
  finding: Finding,
  context: PlanContext,
): PaymentRecord {
  const attempt = record.attempts.find((each) => each.number === number);
  if (attempt === undefined || isFinal(record.status) || record.status === 'created') return record;
  if (attempt !== record.attempts.at(-1)) {
    const why = 'The statement shows an earlier attempt as paid while another one is under way.';
    return record.status === 'review' ? record : toReview(record, why, context);
  }
  return takeIn(record, attempt, finding, 'statement', context);
}

/** What a person decides about a payment in `review`, with the name of who did and what it rests on. */
export interface Decision {
  readonly status: 'succeeded' | 'failed';
  /** Who decided; kept with the payment. */
  readonly by: string;
  /** What it rests on: a statement, a call with the operator. */
  readonly because: string;
  /** The operator's receipt, where there is one. */
  readonly receipt?: string;
  /** Of what was paid by an attempt that the record does not know, because the journal has lost it: the id of the route that it took. */
  readonly route?: string;
}

/**
 * Ends a payment in `review` as a person says.
 * @throws InvalidRequestError naming `route`, where something was paid that the record knows no attempt of.
 */
export function decide(record: PaymentRecord, decision: Decision, context: PlanContext): PaymentRecord {
  const attempts = decision.status === 'succeeded' ? withPaid(record, decision, context) : record.attempts;
  const attempt = attempts.findLast((each) => each.moneyMoved === 'yes') ?? attempts.at(-1);
  const learned: Evidence = {
    atMs: context.nowMs,
    source: 'person',
    attempt: attempt?.number ?? 0,
    moneyMoved: decision.status === 'succeeded' ? 'yes' : 'no',
    code: 'DECIDED',
    detail: `${redactText(decision.by)}: ${redactText(decision.because)}`,
  };
  return movePayment(record, context.nowMs, {
    status: decision.status,
    attempts: decision.status === 'succeeded' ? attempts : attempts.map((each) => ({ ...each, moneyMoved: 'no' })),
    learned: [learned],
    ...(decision.status === 'failed' ? { reason: 'operator-refused' as const } : {}),
    ...(decision.receipt === undefined ? {} : { receipt: decision.receipt }),
  });
}

/** The attempts, one of them paid: the one that is in doubt, or one that the journal has lost. */
function withPaid(record: PaymentRecord, { route: routeId }: Decision, context: PlanContext): readonly Attempt[] {
  const isMeant = (each: Attempt): boolean => routeId === undefined || each.routeId === routeId;
  const { attempts, transactionId } = record;
  const known = attempts.findLast((each) => isMeant(each) && each.moneyMoved === 'maybe') ?? attempts.findLast(isMeant);
  if (known !== undefined) {
    return attempts.map((each): Attempt => ({ ...each, moneyMoved: each === known ? 'yes' : 'no' }));
  }
  const route = context.routes.find(({ id }) => id === routeId);
  if (route === undefined) {
    const expected = `the id of the route over which it was paid: ${context.routes.map(({ id }) => id).join(', ')}`;
    throw new InvalidRequestError({ field: 'route', expected });
  }
  const number = attempts.length + 1;
  const lost: Attempt = {
    number,
    routeId: route.id,
    provider: route.provider,
    reference: attemptReference(transactionId, number),
    callbackToken: context.drawToken(record),
    startedAtMs: context.nowMs,
    moneyMoved: 'yes',
    references: {},
    queries: 0,
  };
  return [...attempts.map((each): Attempt => ({ ...each, moneyMoved: 'no' })), lost];
}

/** A vouched result that has waited long enough for a query to tell, and that no callback contradicts. */
function standingResult(
  { vouched, claims = [], sentAgain }: Attempt,
  { nowMs, policy }: PlanContext,
): Finding | undefined {
  const afterMs = policy.vouchedStandsAfterMs;
  if (vouched === undefined || afterMs === null || nowMs - vouched.atMs < afterMs) return undefined;
  if (claims.some((claim) => claim !== vouched.status)) return undefined;
  // It may be of one request alone, while another one is being carried out.
  if (vouched.status === 'failed' && sentAgain !== undefined) return undefined;
  const detail = 'the result that the operator vouched for, as no query could tell';
  if (vouched.status === 'failed') return { status: 'failed', reason: vouched.reason ?? 'operator-refused', detail };
  return { status: 'succeeded', detail, ...(vouched.receipt === undefined ? {} : { receipt: vouched.receipt }) };
}
