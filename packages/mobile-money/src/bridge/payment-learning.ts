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
  type VouchedResult,
} from '@canza/core';

import { evidence } from './evidence.ts';
import { openRoutes, type PlanContext, toReview } from './payment-plan.ts';
import { lastSentAtMs, resendWindowOf } from './resend.ts';

/**
 * What to make of what was learned about a payment: by a reply, a query, a callback, a statement or a person. Pure; what to do
 * next is in payment-plan.ts, with the promise that both serve.
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
  const asked = { ...attempt, queries: attempt.queries + 1 };
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

/**
 * Takes in a callback: it is noted, its ids are kept to ask with, and a query is due at once. It never ends a payment by itself,
 * unless it is the operator's answer to a question of ours. A result that the operator vouched for (a signature, or an id that
 * only the operator and we know) is kept, and stands where no query can tell.
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
  if (attempt.moneyMoved === 'no') return afterDisproof(record, attempt, finding, context);
  const last = record.attempts.at(-1);
  if (attempt !== last)
    return note(record, evidence(context, 'callback', attempt, 'maybe', finding.code, says), context);
  const vouched = report.trust === 'signed' || isVouchedFor(attempt, report);
  if (vouched && report.answersQuery === true) return takeIn(record, attempt, finding, 'callback', context);

  const known: Attempt = {
    ...attempt,
    ...claimsOf(attempt, finding, vouched, context),
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

/**
 * A callback about an attempt that is proven to have moved nothing. One that says paid puts that proof in doubt: if nothing is
 * under way, nothing more is sent and a person looks; if another attempt is, its own outcome is awaited first.
 */
function afterDisproof(record: PaymentRecord, attempt: Attempt, finding: Finding, context: PlanContext): PaymentRecord {
  const learned = evidence(
    context,
    'callback',
    attempt,
    'maybe',
    finding.code,
    `about an ended attempt: ${describe(finding)}`,
  );
  if (finding.status !== 'succeeded' || record.status !== 'created') return note(record, learned, context);
  const doubted = record.attempts.map((each) => (each === attempt ? { ...each, moneyMoved: 'maybe' as const } : each));
  const why = 'A callback says paid of an attempt that was proven to have moved nothing.';
  return toReview({ ...record, attempts: doubted, evidence: [...record.evidence, learned] }, why, context);
}

/** Notes a callback that cannot be about this payment. */
export function refuseCallback(
  record: PaymentRecord,
  number: number,
  why: string,
  context: PlanContext,
): PaymentRecord {
  const attempt = record.attempts.find((each) => each.number === number);
  if (attempt === undefined || isFinal(record.status)) return record;
  return note(record, evidence(context, 'callback', attempt, 'maybe', 'CONTRADICTION', why), context);
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
}

/** Ends a payment in `review` as a person says. */
export function decide(record: PaymentRecord, decision: Decision, context: PlanContext): PaymentRecord {
  const attempt = record.attempts.findLast((each) => each.moneyMoved === 'maybe') ?? record.attempts.at(-1);
  const moneyMoved = decision.status === 'succeeded' ? 'yes' : 'no';
  const paid = decision.status === 'succeeded' ? attempt : undefined;
  const learned: Evidence = {
    atMs: context.nowMs,
    source: 'person',
    attempt: attempt?.number ?? 0,
    moneyMoved,
    code: 'DECIDED',
    detail: `${redactText(decision.by)}: ${redactText(decision.because)}`,
  };
  return movePayment(record, context.nowMs, {
    status: decision.status,
    attempts: record.attempts.map((each) => ({ ...each, moneyMoved: each === paid ? 'yes' : 'no' })),
    learned: [learned],
    ...(decision.status === 'failed' ? { reason: 'operator-refused' as const } : {}),
    ...(decision.receipt === undefined ? {} : { receipt: decision.receipt }),
  });
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
      if (isUndermined(finding.reason, source, context)) return toReview(current, LATER_MAY_BE_LOST, context);
      return disprove(current, known, finding.reason, learned('no'), context);
    case 'not-found': {
      const proofAfterMs = routeOf(known, context)?.timing.notFoundIsProofAfterMs ?? null;
      const ageMs = context.nowMs - lastSentAtMs(known);
      const contradicted = known.acknowledged === true || known.claims?.includes('succeeded') === true;
      if (contradicted || proofAfterMs === null || ageMs < proofAfterMs)
        return stillOpen(current, known, learned('maybe'), context);
      if (isUndermined('never-sent', source, context)) return toReview(current, LATER_MAY_BE_LOST, context);
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

const LATER_MAY_BE_LOST = 'It moved nothing, but the journal may have lost an attempt that was made after it.';

/**
 * A reason that lies with the way may have been found out before, and another way been taken since, which the journal has forgotten. Who
 * has the reply to a send knows that nothing came after it.
 */
const isUndermined = (reason: FailureReason, source: EvidenceSource, { mayHaveForgotten }: PlanContext): boolean =>
  mayHaveForgotten === true && source !== 'reply' && liesWith(reason) === 'route';

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
      : { status: 'pending' as const, dueAtMs: context.nowMs + nextLookInMs(record, attempt, context) }),
    learned: learned === undefined || repeats ? [] : [learned],
  });
}

const acknowledge = (attempt: Attempt): Attempt => ({ ...attempt, acknowledged: true });

const isPayout = ({ type }: PaymentRecord): boolean => type === 'disbursement' || type === 'remittance';

const note = (record: PaymentRecord, learned: Evidence, { nowMs }: PlanContext): PaymentRecord =>
  movePayment(record, nowMs, { learned: [learned] });

/** When to look again: for a query, or because the request may go out again by then. */
function nextLookInMs(record: PaymentRecord, attempt: Attempt, context: PlanContext): number {
  const queryInMs = nextQueryInMs(attempt, context);
  const route = routeOf(attempt, context);
  const window = route === undefined ? undefined : resendWindowOf(record, attempt, route, context);
  const sendInMs = (window?.fromMs ?? 0) - context.nowMs;
  return sendInMs > 0 ? Math.min(queryInMs, sendInMs) : queryInMs;
}

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

/** What an attempt keeps of what a callback said: that it said so, and the first final result that the operator vouched for. */
function claimsOf(
  { claims = [], vouched: known }: Attempt,
  finding: Finding,
  isVouched: boolean,
  { nowMs }: PlanContext,
): Pick<Attempt, 'claims' | 'vouched'> {
  const { status } = finding;
  const isResult = status === 'succeeded' || status === 'failed';
  const counts = isResult || (isVouched && status === 'unknown');
  if (!counts) return {};
  const said = claims.includes(status) ? claims : [...claims, status];
  if (!isResult || !isVouched || known !== undefined) return { claims: said };
  const vouched: VouchedResult = {
    status,
    atMs: nowMs,
    ...(finding.status === 'failed' ? { reason: finding.reason } : {}),
    ...(finding.status === 'succeeded' && finding.receipt !== undefined ? { receipt: finding.receipt } : {}),
  };
  return { claims: said, vouched };
}

/** A vouched result that has waited long enough for a query to tell, and that no callback contradicts. */
function standingResult({ vouched, claims = [] }: Attempt, { nowMs, policy }: PlanContext): Finding | undefined {
  const afterMs = policy.vouchedStandsAfterMs;
  if (vouched === undefined || afterMs === null || nowMs - vouched.atMs < afterMs) return undefined;
  if (claims.some((claim) => claim !== vouched.status)) return undefined;
  const detail = 'the result that the operator vouched for, as no query could tell';
  if (vouched.status === 'failed') return { status: 'failed', reason: vouched.reason ?? 'operator-refused', detail };
  return { status: 'succeeded', detail, ...(vouched.receipt === undefined ? {} : { receipt: vouched.receipt }) };
}

/** The ids of a hint to ask with, without those that a next hint could be vouched for by. */
const hintedReferences = ({ finding, vouchers = {} }: CallbackReport): ProviderReferences =>
  Object.fromEntries(Object.entries(finding.references ?? {}).filter(([name]) => !Object.hasOwn(vouchers, name)));

function describe(finding: Finding): string {
  const detail = finding.detail === undefined || finding.detail === '' ? '' : `: ${redactText(finding.detail)}`;
  return finding.status === 'failed' ? `failed, ${finding.reason}${detail}` : `${finding.status}${detail}`;
}

const replaceLast = (record: PaymentRecord, attempt: Attempt): readonly Attempt[] => [
  ...record.attempts.slice(0, -1),
  attempt,
];
