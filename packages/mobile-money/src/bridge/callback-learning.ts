import {
  type Attempt,
  type CallbackReport,
  type Finding,
  isFinal,
  movePayment,
  type PaymentRecord,
  type ProviderReferences,
  parseMoney,
  sameMoney,
  type VouchedResult,
} from '@canza/core';

import { evidence } from './evidence.ts';
import { describe, note, replaceLast, saidLately, takeIn } from './learned-finding.ts';
import { type PlanContext, toReview } from './payment-plan.ts';

/** What to make of what operators call back with: hints, of which few are proof. Pure. */

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
  // An answer to an earlier question than the last, of which nobody can say whose it is, would lead to the next one, and that for ever.
  const isResult = finding.status === 'succeeded' || finding.status === 'failed';
  const asksAgain = isResult || report.answersQuery !== true;
  const isRepeated = saidLately(record, learned);
  if (isRepeated && !asksAgain && record.status !== 'sending') return record;
  return movePayment({ ...record, attempts: replaceLast(record, known) }, context.nowMs, {
    ...(record.status === 'sending' ? { status: 'pending' as const } : {}),
    ...(asksAgain ? { dueAtMs: context.nowMs } : {}),
    learned: isRepeated ? [] : [learned],
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
  const claims = [...new Set([...(attempt.claims ?? []), finding.status])];
  const doubted = record.attempts.map(
    (each): Attempt => (each === attempt ? { ...each, moneyMoved: 'maybe', claims } : each),
  );
  const why = 'A callback says paid of an attempt that was proven to have moved nothing.';
  // Its operator can be asked which of the two is right, as long as nothing came after it.
  const dueAtMs = attempt === record.attempts.at(-1) ? context.nowMs : null;
  return toReview({ ...record, attempts: doubted, evidence: [...record.evidence, learned] }, why, context, dueAtMs);
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

/** The ids of a hint to ask with, without those that a next hint could be vouched for by. */
const hintedReferences = ({ finding, vouchers = {} }: CallbackReport): ProviderReferences =>
  Object.fromEntries(Object.entries(finding.references ?? {}).filter(([name]) => !Object.hasOwn(vouchers, name)));
