import {
  type Clock,
  type CurrencyCode,
  formatMoney,
  type Money,
  type PaymentRecord,
  type PaymentStatus,
  type ProviderReferences,
  parseMoney,
  readOperatorAmount,
  sameMoney,
} from '@canza/core';
import { afterStatement } from './payment-learning.ts';
import type { PaymentLedger } from './payment-ledger.ts';
import { type PlanContext } from './payment-plan.ts';

/** One movement in an operator's statement. */
export interface StatementLine {
  /** The operator's receipt. */
  readonly receipt: string;
  /** Decimal string. */
  readonly amount: string;
  readonly currency: CurrencyCode;
  /** Our reference of the attempt, where the statement shows it. */
  readonly reference?: string;
  /** The first twelve digits of our reference or more, where it shows no more: what an M-Pesa prompt names as its account. */
  readonly referenceStart?: string;
  /** Ids of the operator's, by its own field names, where the statement shows them. */
  readonly references?: ProviderReferences;
}

/** A statement of one provider over a span of time. */
export interface Statement {
  readonly provider: string;
  readonly lines: Iterable<StatementLine> | AsyncIterable<StatementLine>;
  /** Payments created in this span are expected in it, in milliseconds since 1970; left out, nothing is called missing. */
  readonly fromMs?: number;
  readonly beforeMs?: number;
}

/** Where statement and records differ. */
export type Difference =
  /** The operator moved money that we know nothing of. */
  | { readonly kind: 'unknown-to-us'; readonly receipt: string; readonly amount: string }
  /** Two lines are the same payment. */
  | { readonly kind: 'doubled'; readonly receipt: string; readonly transactionId: string }
  | {
      readonly kind: 'amount-differs';
      readonly receipt: string;
      readonly transactionId: string;
      readonly ours: string;
      readonly theirs: string;
    }
  /** The operator moved money for what we call failed, or never sent. */
  | {
      readonly kind: 'status-differs';
      readonly receipt: string;
      readonly transactionId: string;
      readonly ours: PaymentStatus;
    }
  /** We call it succeeded, and the statement does not show it. */
  | { readonly kind: 'missing'; readonly transactionId: string; readonly amount: string };

/** What a comparison of a statement with our records found. */
export interface ReconciliationReport {
  readonly lines: number;
  readonly matched: number;
  /** Open payments that the statement proved to be paid; they are `succeeded` now. */
  readonly settled: readonly string[];
  /** Sum of the lines by currency: decimal strings. */
  readonly sums: Readonly<Partial<Record<CurrencyCode, string>>>;
  readonly differences: readonly Difference[];
}

export interface ReconcilerSettings {
  readonly ledger: PaymentLedger;
  readonly clock: Clock;
  readonly contextOf: (record: PaymentRecord) => PlanContext;
}

/** Compares an operator's statement with the records, and settles what it proves. */
export async function reconcile(
  { provider, lines, fromMs, beforeMs }: Statement,
  { ledger, contextOf }: ReconcilerSettings,
): Promise<ReconciliationReport> {
  const seen = new Map<string, string>();
  const settled: string[] = [];
  const differences: Difference[] = [];
  const sums = new Map<CurrencyCode, bigint>();
  let count = 0;
  let matched = 0;

  for await (const line of lines) {
    count += 1;
    const money = readOperatorAmount(line.amount, line.currency) ?? parseMoney(line.amount, line.currency);
    sums.set(money.currency, (sums.get(money.currency) ?? 0n) + money.amountMinor);
    const record = await find(ledger, provider, line, money);
    const attempt = record?.attempts.findLast((each) => isMeant(each, provider, line)) ?? record?.attempts.at(-1);
    if (record === undefined || attempt === undefined) {
      differences.push({ kind: 'unknown-to-us', receipt: line.receipt, amount: line.amount });
      continue;
    }
    const { transactionId } = record;
    if (seen.has(transactionId)) {
      differences.push({ kind: 'doubled', receipt: line.receipt, transactionId });
      continue;
    }
    seen.set(transactionId, line.receipt);
    const finding = { status: 'succeeded', receipt: line.receipt, money } as const;
    const latest =
      (await ledger.update(record, 'the statement shows it', (current) =>
        afterStatement(current, attempt.number, finding, contextOf(current)),
      )) ?? record;
    if (latest.status === 'succeeded' && record.status !== 'succeeded') settled.push(transactionId);
    const difference = compare(latest, line, money);
    if (difference === undefined) matched += 1;
    else differences.push(difference);
  }
  if (fromMs !== undefined && beforeMs !== undefined) {
    for await (const record of succeededIn(ledger, fromMs, beforeMs)) {
      if (record.attempts.at(-1)?.provider !== provider || seen.has(record.transactionId)) continue;
      differences.push({ kind: 'missing', transactionId: record.transactionId, amount: record.amount });
    }
  }
  return {
    lines: count,
    matched,
    settled,
    differences,
    sums: Object.fromEntries(
      [...sums].map(([currency, amountMinor]) => [currency, formatMoney({ currency, amountMinor })]),
    ),
  };
}

async function find(
  ledger: PaymentLedger,
  provider: string,
  line: StatementLine,
  money: Money,
): Promise<PaymentRecord | undefined> {
  if (line.reference !== undefined) {
    const record = await ledger.findByAttempt(line.reference);
    if (record !== undefined) return record;
  }
  for (const [name, value] of Object.entries(line.references ?? {})) {
    const record = await ledger.findByProviderReference(provider, name, value);
    if (record !== undefined) return record;
  }
  const known = await ledger.findByReceipt(provider, line.receipt);
  if (known !== undefined || line.referenceStart === undefined || !REFERENCE_START.test(line.referenceStart))
    return known;
  const begun = await ledger.findByReferenceStart(line.referenceStart);
  const meant = begun.filter(({ attempts }) => attempts.some((attempt) => isMeant(attempt, provider, line)));
  const paid = meant.filter(({ amount, currency }) => sameMoney(parseMoney(amount, currency), money));
  // Twelve digits may be shared, and a statement is the last word: who it means has to be one payment alone.
  return [meant, paid].find(({ length }) => length === 1)?.[0];
}

const REFERENCE_START = /^[0-9a-f]{12,32}$/;

function isMeant(attempt: PaymentRecord['attempts'][number], provider: string, line: StatementLine): boolean {
  if (attempt.provider !== provider) return false;
  if (attempt.reference === line.reference) return true;
  if (line.referenceStart !== undefined && attempt.reference.startsWith(line.referenceStart)) return true;
  return Object.entries(line.references ?? {}).some(([name, value]) => attempt.references[name] === value);
}

function compare(record: PaymentRecord, line: StatementLine, money: Money): Difference | undefined {
  const { transactionId, amount, status } = record;
  const { receipt } = line;
  if (!sameMoney(parseMoney(amount, record.currency), money)) {
    return { kind: 'amount-differs', receipt, transactionId, ours: amount, theirs: line.amount };
  }
  return status === 'succeeded' ? undefined : { kind: 'status-differs', receipt, transactionId, ours: status };
}

async function* succeededIn(ledger: PaymentLedger, createdFromMs: number, createdBeforeMs: number) {
  for (let cursor: string | undefined; ; ) {
    const span = { state: 'succeeded', createdFromMs, createdBeforeMs, limit: 200 } as const;
    const page = await ledger.list({ ...span, ...(cursor === undefined ? {} : { cursor }) });
    yield* page.records;
    cursor = page.cursor;
    if (cursor === undefined) return;
  }
}
