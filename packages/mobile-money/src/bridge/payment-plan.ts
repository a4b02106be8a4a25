import {
  type Attempt,
  type CallbackReport,
  type Evidence,
  type EvidenceSource,
  type FailureReason,
  type Finding,
  isFinal,
  liesWith,
  type MoneyMoved,
  movePayment,
  type PaymentChange,
  PaymentError,
  type PaymentRecord,
  type ProviderReferences,
  parseMoney,
  type Route,
  redactText,
  sameMoney,
} from '@canza/core';

import type { BridgePolicy } from './policy.ts';

/**
 * What to do with a payment, and what to make of what was learned: the rules of the bridge, pure, in one file.
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
}

export type Step =
  /** Over the first of these that can be used now. */
  | { readonly do: 'send'; readonly routes: readonly Route[]; readonly number: number }
  | { readonly do: 'query'; readonly attempt: Attempt; readonly route: Route }
  /** The process that sent it was not heard of again: its reply counts as lost. */
  | { readonly do: 'give-up-reply'; readonly attempt: Attempt }
  | { readonly do: 'review'; readonly why: string }
  | { readonly do: 'fail'; readonly reason: FailureReason; readonly why: string }
  | { readonly do: 'wait'; readonly untilMs: number }
  | { readonly do: 'rest' };

/** The next step of a payment. */
export function nextStep(record: PaymentRecord, { nowMs, policy, routes }: PlanContext): Step {
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
    return { do: 'review', why: 'The operator did not tell the outcome within the deadline.' };
  }
  const route = routes.find(({ id }) => id === attempt.routeId);
  if (route === undefined) {
    return { do: 'review', why: `Route "${attempt.routeId}" is no longer configured, so nobody can be asked.` };
  }
  return { do: 'query', attempt, route };
}

/**
 * The routes over which another attempt may be made, now that all before it are proven to have moved nothing: those to the same
 * operator that were not tried yet; or, when the last attempt never left because the door was closed for a moment, the same
 * one again. Only a payout whose recipient an operator definitely does not know goes on to the next likely operator.
 */
function openRoutes(record: PaymentRecord, routes: readonly Route[]): readonly Route[] {
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

/** What came back from a send: what the operator said, or why nothing did. */
export type SendResult = { readonly finding: Finding } | { readonly error: unknown };

/** Begins an attempt. Written to the journal before anything is sent. */
export function beginAttempt(record: PaymentRecord, attempt: Attempt, { nowMs, policy }: PlanContext): PaymentRecord {
  return movePayment(record, nowMs, {
    status: 'sending',
    attempts: [...record.attempts, attempt],
    dueAtMs: nowMs + policy.submitTimeoutMs + policy.leaseMs,
  });
}

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
  if ('finding' in result) return takeIn(record, attempt, result.finding, 'reply', context);

  const { error } = result;
  const known = PaymentError.isInstance(error) ? error : undefined;
  const detail = known?.message ?? 'The send ended in an unforeseen error.';
  const code = known?.providerCode ?? known?.code ?? 'UNFORESEEN';
  const learned = (moneyMoved: MoneyMoved): Evidence => evidence(context, 'reply', attempt, moneyMoved, code, detail);
  if (known?.moneyMoved !== 'no') return stillOpen(record, attempt, learned('maybe'), context);
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
  const asked = { ...attempt, queries: attempt.queries + 1 };
  const counted = { ...record, attempts: replaceLast(record, asked) };
  if ('finding' in result) return takeIn(counted, asked, result.finding, 'query', context);
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

/**
 * Takes in a callback. An unsigned one is a hint: it is noted, its ids are kept to ask with, and a query is due at once. It
 * never ends a payment by itself, unless it names an id that only the operator and we can know.
 */
export function afterCallback(
  record: PaymentRecord,
  number: number,
  report: CallbackReport,
  context: PlanContext,
): PaymentRecord {
  const attempt = record.attempts.find((each) => each.number === number);
  if (attempt === undefined || isFinal(record.status)) return record;
  const { finding } = report;
  const contradiction = contradicts(record, attempt, report);
  const says = describe(finding);
  if (contradiction !== undefined) {
    const learned = evidence(context, 'callback', attempt, 'maybe', finding.code, `${contradiction}; it says: ${says}`);
    return note(record, learned, context);
  }
  const last = record.attempts.at(-1);
  if (attempt !== last)
    return note(record, evidence(context, 'callback', attempt, 'maybe', finding.code, says), context);
  if (report.trust === 'signed' || isVouchedFor(attempt, report)) {
    return takeIn(record, attempt, finding, 'callback', context);
  }

  const known: Attempt = {
    ...attempt,
    references: { ...hintedReferences(report), ...attempt.references },
    ...(finding.status === 'succeeded' && finding.receipt !== undefined ? { claimedReceipt: finding.receipt } : {}),
  };
  const learned = evidence(context, 'callback', known, 'maybe', finding.code, `${says} (to be confirmed)`);
  return movePayment({ ...record, attempts: replaceLast(record, known) }, context.nowMs, {
    ...(record.status === 'sending' ? { status: 'pending' as const } : {}),
    dueAtMs: context.nowMs,
    learned: [learned],
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
  return movePayment(record, nowMs, { dueAtMs: nowMs + delayMs, learned: known ? [] : [learned] });
}

/** Gives a payment to a person. */
export function toReview(record: PaymentRecord, why: string, { nowMs }: PlanContext): PaymentRecord {
  const attempt = record.attempts.at(-1)?.number ?? 0;
  const learned: Evidence = { atMs: nowMs, source: 'local', attempt, moneyMoved: 'maybe', code: 'REVIEW', detail: why };
  return movePayment(record, nowMs, { status: 'review', dueAtMs: null, learned: [learned] });
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
  return movePayment(record, context.nowMs, { status: 'pending', dueAtMs: context.nowMs, learned: [learned] });
}

function takeIn(
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
      return disprove(current, known, finding.reason, learned('no'), context);
    case 'not-found': {
      const proofAfterMs = routeOf(known, context)?.timing.notFoundIsProofAfterMs ?? null;
      const ageMs = context.nowMs - known.startedAtMs;
      if (proofAfterMs === null || ageMs < proofAfterMs) return stillOpen(current, known, learned('maybe'), context);
      return disprove(current, known, 'never-sent', learned('no', 'The operator never received it.'), context);
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

/** The attempt is proven to have moved nothing: try another route if the reason lies with this one, or end. */
function disprove(
  record: PaymentRecord,
  attempt: Attempt,
  reason: FailureReason,
  learned: Evidence,
  context: PlanContext,
): PaymentRecord {
  const attempts = replaceLast(record, { ...attempt, moneyMoved: 'no', outcome: reason });
  const ended = { ...record, attempts };
  const mayGoOn = liesWith(reason) === 'route' || (reason === 'recipient-not-found' && isPayout(record));
  const another = mayGoOn && openRoutes(ended, context.routes).length > 0;
  const inTime = context.nowMs - record.createdAtMs <= context.policy.sendWithinMs[record.type];
  const change: PaymentChange =
    another && inTime && record.status !== 'review'
      ? { status: 'created', attempts, dueAtMs: context.nowMs, learned: [learned] }
      : { status: 'failed', reason, attempts, learned: [learned] };
  return movePayment(record, context.nowMs, change);
}

/** Nothing left, for a passing reason: another route at once, or the same one a little later, as long as it makes sense. */
function retryLater(
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

function stillOpen(
  record: PaymentRecord,
  attempt: Attempt,
  learned: Evidence | undefined,
  context: PlanContext,
): PaymentRecord {
  const last = record.evidence.at(-1);
  const repeats = learned !== undefined && last?.code === learned.code && last?.detail === learned.detail;
  return movePayment(record, context.nowMs, {
    ...(record.status === 'review'
      ? { dueAtMs: null }
      : { status: 'pending' as const, dueAtMs: context.nowMs + nextQueryInMs(attempt, context) }),
    learned: learned === undefined || repeats ? [] : [learned],
  });
}

const isPayout = ({ type }: PaymentRecord): boolean => type === 'disbursement' || type === 'remittance';

const note = (record: PaymentRecord, learned: Evidence, { nowMs }: PlanContext): PaymentRecord =>
  movePayment(record, nowMs, { learned: [learned] });

/** The route's own rhythm while the payer may still act; then twice as long each time, up to the slowest. */
function nextQueryInMs(attempt: Attempt, context: PlanContext): number {
  const timing = routeOf(attempt, context)?.timing;
  if (timing === undefined) return context.policy.slowestQueryMs;
  const ageMs = context.nowMs - attempt.startedAtMs;
  if (attempt.queries === 0) return Math.max(0, timing.firstQueryAfterMs - ageMs);
  if (ageMs < timing.settlesWithinMs) return timing.queryEveryMs;
  return Math.min(context.policy.slowestQueryMs, Math.max(timing.queryEveryMs, ageMs - timing.settlesWithinMs));
}

const routeOf = (attempt: Attempt, { routes }: PlanContext): Route | undefined =>
  routes.find(({ id }) => id === attempt.routeId);

/** Why a callback cannot be about this attempt, if it cannot. */
function contradicts(record: PaymentRecord, attempt: Attempt, { finding, msisdn }: CallbackReport): string | undefined {
  if (attempt.moneyMoved === 'no' && finding.status === 'succeeded') {
    return 'A callback says paid of an attempt that is proven to have moved nothing';
  }
  for (const [name, value] of Object.entries(finding.references ?? {})) {
    const known = attempt.references[name];
    if (known !== undefined && known !== value) return `A callback names another ${name}`;
  }
  if (msisdn !== undefined && msisdn !== record.msisdn) return 'A callback names another number';
  if (finding.status === 'succeeded' && finding.money !== undefined) {
    if (!sameMoney(finding.money, parseMoney(record.amount, record.currency))) return 'A callback names another amount';
  }
  return undefined;
}

/** Whether the operator itself is speaking: a voucher is the same as what it told us in a reply. */
const isVouchedFor = ({ references }: Attempt, { vouchers = {} }: CallbackReport): boolean =>
  Object.entries(vouchers).some(([name, value]) => references[name] === value);

/** The ids of a hint to ask with, without those that a next hint could be vouched for by. */
const hintedReferences = ({ finding, vouchers = {} }: CallbackReport): ProviderReferences =>
  Object.fromEntries(Object.entries(finding.references ?? {}).filter(([name]) => !Object.hasOwn(vouchers, name)));

function describe(finding: Finding): string {
  const detail = finding.detail === undefined ? '' : `: ${redactText(finding.detail)}`;
  return finding.status === 'failed' ? `failed, ${finding.reason}${detail}` : `${finding.status}${detail}`;
}

const evidence = (
  { nowMs }: PlanContext,
  source: EvidenceSource,
  attempt: Attempt,
  moneyMoved: MoneyMoved,
  code: string | undefined,
  detail: string,
): Evidence => ({
  atMs: nowMs,
  source,
  attempt: attempt.number,
  moneyMoved,
  detail,
  ...(code === undefined ? {} : { code }),
});

const replaceLast = (record: PaymentRecord, attempt: Attempt): readonly Attempt[] => [
  ...record.attempts.slice(0, -1),
  attempt,
];
