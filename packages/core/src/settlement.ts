import type { MoneyMoved } from './errors/base.ts';
import { InvalidTransitionError } from './errors/state.ts';
import { sha256Hex } from './identifiers.ts';
import { appendEvidence, type Evidence } from './payment.ts';
import type { StoredCall } from './settlement-call.ts';
import type { AbortReason, TransferProof } from './settlement-network.ts';

/**
 * The settlement record: what one caller asked to have moved on a chain, and the one table of legal moves.
 *
 *     awaiting-confirmation → created → pending → settled
 *                ↘ failed      ↘ failed, review
 *                                         ↘ failed, review
 *
 * `created` goes to `review` only where a journal may have forgotten that it was sent.
 * `pending` falls back to `created` on proof that the transaction that carried it moved nothing: then another may carry it; and so does `review`,
 * or goes back to `pending`, where a person has its transaction looked for again. Which
 * transaction carries it, with its bytes, is a record of its own (settlement-transaction.ts), because many settlements may share one.
 * A refund is a settlement that names the original; the original stays `settled`.
 */
export type SettlementStatus = 'awaiting-confirmation' | 'created' | 'pending' | 'settled' | 'failed' | 'review';

const LEGAL_MOVES: Readonly<Record<SettlementStatus, readonly SettlementStatus[]>> = {
  'awaiting-confirmation': ['created', 'failed'],
  created: ['pending', 'failed', 'review'],
  pending: ['settled', 'failed', 'created', 'review'],
  review: ['settled', 'failed', 'pending', 'created'],
  settled: [],
  failed: [],
};

/** What each status says about the money. */
const MONEY_MOVED: Readonly<Record<SettlementStatus, MoneyMoved>> = {
  'awaiting-confirmation': 'no',
  created: 'no',
  pending: 'maybe',
  review: 'maybe',
  settled: 'yes',
  failed: 'no',
};

/** Every status that a settlement can have. */
export const SETTLEMENT_STATUSES = Object.keys(LEGAL_MOVES) as readonly SettlementStatus[];

/** What a settlement of that status says of its money. */
export const settlementMoneyMovedAt = (status: SettlementStatus): MoneyMoved => MONEY_MOVED[status];

/** Whether a status is never left again. `review` is not final: a person ends it. */
export const isSettlementFinal = (status: SettlementStatus): boolean => LEGAL_MOVES[status].length === 0;

/** What a settlement does on chain. */
export type SettlementKind = 'payment' | 'refund' | 'liquidity';

/** Why a settlement failed: what the chain said, or what kept it from being sent. */
export type SettlementReason =
  | AbortReason
  /** The node will never take such a transaction. */
  | 'network-refused'
  | 'quote-expired'
  /** Called off before it was confirmed. */
  | 'cancelled'
  /** As a person decided. */
  | 'not-settled';

/** One transaction that carried it, named before any of its bytes could leave. */
export interface SettlementAttempt {
  /** From 1. */
  readonly number: number;
  /** Ours: of the transaction record. */
  readonly transactionId: string;
  readonly startedAtMs: number;
  /** `no` again only by proof. */
  readonly moneyMoved: MoneyMoved;
  /**
   * Why it moved nothing, once that is proven: `batch-aborted` where another member may have been the reason, `never-committed` where
   * the transaction did not happen and cannot happen any more.
   */
  readonly outcome?: SettlementReason | 'batch-aborted' | 'never-committed';
}

/** What proves that it was settled. */
export interface SettlementReceipt {
  /** The ledger's name for the transaction. */
  readonly transactionHash: string;
  /** Ledger version or block. */
  readonly version: string;
  /** The ledger's time of it: the time of record. */
  readonly atMs: number;
  /** The event that shows the arrival; of a liquidity operation, what was received. */
  readonly proofs: readonly TransferProof[];
  /** Its share of what the transaction cost, in base units of the network's fee asset. */
  readonly feeShare: string;
}

/** The price at which one currency was turned into another, as it was promised. */
export interface SettlementQuote {
  /** The source's own id, if it has one. */
  readonly id?: string;
  /** Decimal string: units of `toCurrency` for one of `fromCurrency`. */
  readonly rate: string;
  /** Decimal string: what arrives. */
  readonly toAmount: string;
  /** Until when it holds: nothing may be sent under it later. */
  readonly expiresAtMs: number;
}

/** What a refund gives back. */
export interface SettlementOriginal {
  readonly settlementId: string;
  /** Decimal string: what was paid. */
  readonly amount: string;
  /** Which refund of that settlement this is, from 1: no two can be written as the same, so that their sum can be kept. */
  readonly slot: number;
}

/** What one refund gives back, as the original keeps it: also when the refund itself is forgotten. */
export interface KeptRefund {
  readonly settlementId: string;
  /** Base units of what arrived; `0` once it failed. */
  readonly units: string;
  /** Whether the refund was accepted, and may be sent: what is forgotten after that counts as given. */
  readonly accepted: boolean;
}

/** A settlement as the journal keeps it. */
export interface SettlementRecord {
  readonly settlementId: string;
  /** 1 when inserted, one more with each write. */
  readonly version: number;
  readonly kind: SettlementKind;
  readonly status: SettlementStatus;
  readonly moneyMoved: MoneyMoved;
  readonly reason?: SettlementReason;
  /** {@link SettlementNetwork.name}. */
  readonly network: string;
  /** Decimal string in `fromCurrency`; of a liquidity operation, what is put in. */
  readonly amount: string;
  readonly fromCurrency: string;
  readonly toCurrency: string;
  readonly quote?: SettlementQuote;
  /** What the chain is asked to do: a call with one transfer, or a liquidity operation. */
  readonly call: StoredCall;
  readonly description?: string;
  /** Of a refund: the settlement that is given back. */
  readonly original?: SettlementOriginal;
  /** Of a settled payment: what was given back of it, or is to be. */
  readonly refunds?: readonly KeptRefund[];
  /** Digest of what may not differ under the same id. */
  readonly fingerprint: string;
  readonly attempts: readonly SettlementAttempt[];
  /**
   * With whom it may share a transaction. Set where a batch came to nothing and was halved: it then travels with that half alone.
   */
  readonly group?: string;
  readonly evidence: readonly Evidence[];
  readonly receipt?: SettlementReceipt;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
  /** When the loop is to look at it again; `null` when it is at rest. */
  readonly dueAtMs: number | null;
}

/** What one move may change besides the status. */
export interface SettlementChange {
  readonly status?: SettlementStatus;
  readonly reason?: SettlementReason;
  readonly receipt?: SettlementReceipt;
  readonly attempts?: readonly SettlementAttempt[];
  readonly group?: string;
  /** Appended to what is known. */
  readonly learned?: readonly Evidence[];
  readonly dueAtMs?: number | null;
}

/**
 * Makes the next version of a record.
 * @throws InvalidTransitionError when the move is not in the table, or when the record would no longer say truly whether money
 * moved: see docs/settlement.md#what-every-record-keeps.
 */
export function moveSettlement(record: SettlementRecord, nowMs: number, change: SettlementChange): SettlementRecord {
  const status = change.status ?? record.status;
  const attempts = change.attempts ?? record.attempts;
  const dueAtMs = isSettlementFinal(status) ? null : change.dueAtMs === undefined ? record.dueAtMs : change.dueAtMs;
  const objection =
    objectionToMove(record, status, change) ??
    objectionToMoney(status, attempts) ??
    (dueAtMs === null && (status === 'created' || status === 'pending') ? 'an open one must fall due' : undefined);
  if (objection !== undefined) {
    throw new InvalidTransitionError(record.settlementId, record.status, status, objection);
  }
  const next: Unfinished<SettlementRecord> = {
    ...record,
    version: record.version + 1,
    status,
    moneyMoved: MONEY_MOVED[status],
    attempts,
    evidence: change.learned === undefined ? record.evidence : appendEvidence(record.evidence, change.learned),
    updatedAtMs: nowMs,
    dueAtMs,
  };
  if (change.reason !== undefined) next.reason = change.reason;
  if (change.receipt !== undefined) next.receipt = change.receipt;
  if (change.group !== undefined) next.group = change.group;
  return next;
}

type Unfinished<Whole> = { -readonly [Name in keyof Whole]: Whole[Name] };

/**
 * Keeps with a settled payment what is given back of it: the one change that a final record sees, and it says nothing new of the payment itself.
 * @throws InvalidTransitionError for what is no settled payment, or where an accepted refund would be lost sight of.
 */
export function keepRefunds(record: SettlementRecord, nowMs: number, refunds: readonly KeptRefund[]): SettlementRecord {
  const isSettledPayment = record.kind === 'payment' && record.status === 'settled';
  const isKept = (record.refunds ?? []).every(
    ({ settlementId, accepted }) =>
      !accepted || refunds.some((each) => each.settlementId === settlementId && each.accepted),
  );
  if (!isSettledPayment || !isKept) {
    const objection = isSettledPayment
      ? 'a refund that was accepted is never forgotten'
      : 'only a settled payment is given back';
    throw new InvalidTransitionError(record.settlementId, record.status, record.status, objection);
  }
  return { ...record, version: record.version + 1, refunds, updatedAtMs: nowMs };
}

function objectionToMove(
  record: SettlementRecord,
  status: SettlementStatus,
  change: SettlementChange,
): string | undefined {
  if (isSettlementFinal(record.status)) return 'a final record never changes';
  if (status !== record.status && !LEGAL_MOVES[record.status].includes(status)) return 'that move is not legal';
  if ((status === 'failed') !== (change.reason !== undefined))
    return 'a failure has a reason, and nothing else has one';
  if ((status === 'settled') !== (change.receipt !== undefined))
    return 'what is settled has a receipt, and nothing else';
  const { attempts } = change;
  if (attempts === undefined) return undefined;
  const kept = record.attempts.every(({ transactionId }, index) => attempts[index]?.transactionId === transactionId);
  if (!kept) return 'an attempt is never forgotten';
  const added = attempts.length - record.attempts.length;
  return added === 0 || (added === 1 && record.status === 'created') ? undefined : 'one transaction at a time';
}

/** What the attempts say of the money must be what the status says of it. */
function objectionToMoney(status: SettlementStatus, attempts: readonly SettlementAttempt[]): string | undefined {
  const moved = attempts.filter((attempt) => attempt.moneyMoved !== 'no');
  switch (status) {
    case 'awaiting-confirmation':
    case 'created':
    case 'failed':
      return moved.length === 0 ? undefined : 'a transaction is not proven to have moved nothing';
    case 'pending':
      return moved.length === 1 && moved[0] === attempts.at(-1) && moved[0]?.moneyMoved === 'maybe'
        ? undefined
        : 'the last transaction, and no other, must be in doubt';
    case 'settled':
      return moved.length === 1 && moved[0]?.moneyMoved === 'yes'
        ? undefined
        : 'exactly one transaction must be proven to have paid';
    case 'review':
      return undefined;
  }
}

/** Digest of what makes two requests the same settlement. */
export function settlementFingerprint(
  request: Pick<SettlementRecord, 'kind' | 'network' | 'amount' | 'fromCurrency' | 'toCurrency' | 'original'> & {
    /** Recipient, or the terms of a liquidity operation. */
    readonly terms: unknown;
  },
): string {
  const { kind, network, amount, fromCurrency, toCurrency, original, terms } = request;
  return sha256Hex(
    JSON.stringify([
      'canza:settlement:1',
      kind,
      network,
      amount,
      fromCurrency,
      toCurrency,
      original?.settlementId ?? null,
      terms,
    ]),
  );
}
