import type { Settlement } from '@canza/blockchain';
import { type Payment, parseUnits } from '@canza/core';
import type { StatementLine } from '@canza/mobile-money';

/**
 * From mobile money to a chain, for an auditor: the operator's statement, our record, the settlement and the transaction on the chain,
 * tied together for each collection, and every place where two of them do not agree.
 */

/** The settlement of a collection: always the same, so that one that is handed in twice is settled once. */
export const settlementIdOf = (transactionId: string): string => `${transactionId}-settlement`;

/** A transaction as the chain shows it; what `AptosClient.findTransaction` gives fits. */
export interface ChainTransaction {
  readonly hash: string;
  readonly success: boolean;
  readonly deposits: readonly ChainDeposit[];
}

/** Money that arrived in a transaction. */
export interface ChainDeposit {
  /** Address of whoever holds it, as the network spells addresses. */
  readonly owner: string | undefined;
  /** The currency by which the network's configuration knows the asset. */
  readonly asset: string | undefined;
  /** Decimal text in units of the asset. */
  readonly amount: string | undefined;
}

/** What is compared. Each covers the same span of time; a margin at its edges keeps a payment from being called missing. */
export interface BundleSources<T extends ChainTransaction = ChainTransaction> {
  /** Ours; what is no collection is left out. */
  readonly payments: Iterable<Payment>;
  /** The operator's. */
  readonly statement: Iterable<StatementLine>;
  /** Ours. */
  readonly settlements: Iterable<Settlement>;
  /** The chain's: those that the settlements name, or better all of the accounts that settle. */
  readonly transactions: Iterable<T>;
  /** Left out, it is {@link settlementIdOf}. */
  readonly settlementIdOf?: (transactionId: string) => string;
}

/** One collection and everything that is known of it. */
export interface Journey<T extends ChainTransaction = ChainTransaction> {
  readonly transactionId: string;
  readonly settlementId: string;
  readonly payment: Payment;
  readonly line?: StatementLine;
  readonly settlement?: Settlement;
  readonly transaction?: T;
}

/** Where two of the sources do not agree. */
export type BundleDifference =
  /** We call it collected, and the statement does not show it. */
  | { readonly kind: 'missing-in-statement'; readonly transactionId: string; readonly amount: string }
  /** The operator moved money that we know nothing of. */
  | { readonly kind: 'statement-unknown-to-us'; readonly receipt: string; readonly amount: string }
  /** Two lines are the same collection. */
  | { readonly kind: 'doubled-in-statement'; readonly receipt: string; readonly transactionId: string }
  | {
      readonly kind: 'collected-amount-differs';
      readonly transactionId: string;
      readonly ours: string;
      readonly theirs: string;
    }
  /** The operator took money for what we do not call succeeded. */
  | { readonly kind: 'collected-status-differs'; readonly transactionId: string; readonly ours: Payment['status'] }
  /** Collected, and not settled (yet). */
  | { readonly kind: 'not-settled'; readonly transactionId: string; readonly ours: Settlement['status'] | 'none' }
  /** Settled, or on its way, although it was not collected. */
  | { readonly kind: 'settled-uncollected'; readonly settlementId: string; readonly ours: Payment['status'] }
  /** What went into the settlement is not what was collected. */
  | {
      readonly kind: 'settled-amount-differs';
      readonly settlementId: string;
      readonly collected: string;
      readonly settled: string;
    }
  /** We call it settled, and the chain does not show a transaction of that hash that succeeded. */
  | { readonly kind: 'missing-on-chain'; readonly settlementId: string; readonly hash: string | undefined }
  /** The transaction is there, and no deposit in it is the one that we call settled. */
  | { readonly kind: 'not-arrived'; readonly settlementId: string; readonly hash: string; readonly expected: string }
  /** A transaction of our accounts that no settlement names. */
  | { readonly kind: 'chain-unknown-to-us'; readonly hash: string };

/** What was tied together, and what does not match. */
export interface ReconciliationBundle<T extends ChainTransaction = ChainTransaction> {
  readonly journeys: readonly Journey<T>[];
  readonly differences: readonly BundleDifference[];
}

/** Ties the four sources together. Pure: whatever it finds is listed, and nothing is changed. */
export function buildReconciliationBundle<T extends ChainTransaction>(
  sources: BundleSources<T>,
): ReconciliationBundle<T> {
  const idOf = sources.settlementIdOf ?? settlementIdOf;
  const settlements = new Map([...sources.settlements].map((each) => [each.settlementId, each]));
  const transactions = new Map([...sources.transactions].map((each) => [each.hash, each]));
  const payments = [...sources.payments].filter(({ type }) => type === 'collection');
  const { lines, differences } = matchStatement(payments, sources.statement);
  const arrivals = new Arrivals(transactions);
  const journeys: Journey<T>[] = [];
  for (const payment of payments) {
    const { transactionId } = payment;
    const settlementId = idOf(transactionId);
    const line = lines.get(transactionId);
    const settlement = settlements.get(settlementId);
    const transaction = transactions.get(settlement?.transactionHash ?? '');
    differences.push(...compareCollection(payment, line), ...compareSettlement(payment, settlement, arrivals));
    journeys.push({
      transactionId,
      settlementId,
      payment,
      ...(line === undefined ? {} : { line }),
      ...(settlement === undefined ? {} : { settlement }),
      ...(transaction === undefined ? {} : { transaction }),
    });
  }
  const named = new Set([...settlements.values()].map(({ transactionHash }) => transactionHash));
  for (const hash of transactions.keys()) {
    if (!named.has(hash)) differences.push({ kind: 'chain-unknown-to-us', hash });
  }
  return { journeys, differences };
}

function matchStatement(
  payments: readonly Payment[],
  statement: Iterable<StatementLine>,
): { readonly lines: ReadonlyMap<string, StatementLine>; readonly differences: BundleDifference[] } {
  const byReceipt = new Map(payments.flatMap((each) => (each.receipt === undefined ? [] : [[each.receipt, each]])));
  const byReference = new Map(
    payments.flatMap((each) => each.attempts.map(({ reference }) => [reference, each] as const)),
  );
  const lines = new Map<string, StatementLine>();
  const differences: BundleDifference[] = [];
  for (const line of statement) {
    const { receipt, amount, reference = '' } = line;
    const payment = byReference.get(reference) ?? byReceipt.get(receipt) ?? begunBy(payments, line.referenceStart);
    if (payment === undefined) differences.push({ kind: 'statement-unknown-to-us', receipt, amount });
    else if (lines.has(payment.transactionId)) {
      differences.push({ kind: 'doubled-in-statement', receipt, transactionId: payment.transactionId });
    } else lines.set(payment.transactionId, line);
  }
  return { lines, differences };
}

/** Whose reference begins so; nobody's where that is not one payment alone. */
function begunBy(payments: readonly Payment[], start: string | undefined): Payment | undefined {
  if (start === undefined || start.length < 12) return undefined;
  // Capitals in the account of an M-Pesa prompt.
  const begins = start.toLowerCase();
  const meant = payments.filter(({ attempts }) => attempts.some(({ reference }) => reference.startsWith(begins)));
  return meant.length === 1 ? meant[0] : undefined;
}

function compareCollection(payment: Payment, line: StatementLine | undefined): BundleDifference[] {
  const { transactionId, status, amount, currency } = payment;
  if (line === undefined) {
    return status === 'succeeded' ? [{ kind: 'missing-in-statement', transactionId, amount }] : [];
  }
  const isSame = line.currency === currency && isSameAmount(line.amount, amount);
  return [
    ...(status === 'succeeded' ? [] : [{ kind: 'collected-status-differs', transactionId, ours: status } as const]),
    ...(isSame
      ? []
      : [{ kind: 'collected-amount-differs', transactionId, ours: amount, theirs: line.amount } as const]),
  ];
}

function compareSettlement(
  payment: Payment,
  settlement: Settlement | undefined,
  arrivals: Arrivals,
): BundleDifference[] {
  const { transactionId, amount, currency } = payment;
  const isCollected = payment.status === 'succeeded';
  if (settlement?.status !== 'settled') {
    const ours = settlement?.status ?? 'none';
    if (isCollected) return [{ kind: 'not-settled', transactionId, ours }];
    const isBegun = settlement !== undefined && ours !== 'failed';
    return isBegun
      ? [{ kind: 'settled-uncollected', settlementId: settlement.settlementId, ours: payment.status }]
      : [];
  }
  const { settlementId, transactionHash: hash } = settlement;
  const differences: BundleDifference[] = [];
  if (!isCollected) differences.push({ kind: 'settled-uncollected', settlementId, ours: payment.status });
  if (settlement.fromCurrency !== currency || !isSameAmount(settlement.amount, amount)) {
    const settled = `${settlement.fromCurrency} ${settlement.amount}`;
    differences.push({ kind: 'settled-amount-differs', settlementId, collected: `${currency} ${amount}`, settled });
  }
  if (hash === undefined || !arrivals.isCommitted(hash)) {
    differences.push({ kind: 'missing-on-chain', settlementId, hash });
  } else if (!arrivals.take(hash, settlement)) {
    const expected = `${settlement.toCurrency} ${arriving(settlement)}`;
    differences.push({ kind: 'not-arrived', settlementId, hash, expected });
  }
  return differences;
}

const arriving = ({ quote, amount }: Settlement): string => quote?.toAmount ?? amount;

/** The deposits of the chain: each proves one settlement at most, also where several share a transaction. */
class Arrivals {
  readonly #open: ReadonlyMap<string, ChainDeposit[]>;

  constructor(transactions: ReadonlyMap<string, ChainTransaction>) {
    const committed = [...transactions.values()].filter(({ success }) => success);
    this.#open = new Map(committed.map(({ hash, deposits }) => [hash, [...deposits]]));
  }

  isCommitted(hash: string): boolean {
    return this.#open.has(hash);
  }

  take(hash: string, settlement: Settlement): boolean {
    const open = this.#open.get(hash) ?? [];
    const index = open.findIndex(
      ({ owner, asset, amount }) =>
        owner === settlement.toAddress &&
        asset === settlement.toCurrency &&
        amount !== undefined &&
        isSameAmount(amount, arriving(settlement)),
    );
    if (index >= 0) open.splice(index, 1);
    return index >= 0;
  }
}

/** More decimals than any currency or asset has. */
const DECIMALS = 18;

/** `10`, `10.0` and `10.00` are one amount; what is no amount is no amount's equal. */
function isSameAmount(one: string, other: string): boolean {
  try {
    return parseUnits(one, DECIMALS) === parseUnits(other, DECIMALS);
  } catch {
    return false;
  }
}
