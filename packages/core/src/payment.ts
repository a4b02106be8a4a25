import type { CurrencyCode } from './currencies.ts';
import type { MoneyMoved } from './errors/base.ts';
import { InvalidTransitionError } from './errors/state.ts';
import { sha256Hex } from './identifiers.ts';
import { maskMsisdn } from './msisdn.ts';
import type { PaymentType, ProviderReferences } from './provider.ts';
import type { FailureReason } from './reasons.ts';

/**
 * The payment record: what the journal keeps, and the one table of legal moves.
 *
 *     created → sending → pending → succeeded
 *        ↘ failed  ↘ failed  ↘ failed
 *                             ↘ review → succeeded, failed   (by a person, or by proof that came late)
 *
 * `sending` and `pending` may fall back to `created`, on proof that the attempt moved nothing and that another may be made; where
 * that proof is then put in doubt, `created` goes to `review` and nothing more is sent.
 * A refund is a record of its own that names the original; the original stays `succeeded`.
 */
export type PaymentStatus = 'created' | 'sending' | 'pending' | 'succeeded' | 'failed' | 'review';

const LEGAL_MOVES: Readonly<Record<PaymentStatus, readonly PaymentStatus[]>> = {
  created: ['sending', 'failed', 'review'],
  sending: ['pending', 'succeeded', 'failed', 'created', 'review'],
  pending: ['succeeded', 'failed', 'created', 'review'],
  review: ['succeeded', 'failed'],
  succeeded: [],
  failed: [],
};

/** What each status says about the money. There is no status in which the record does not say. */
const MONEY_MOVED: Readonly<Record<PaymentStatus, MoneyMoved>> = {
  created: 'no',
  sending: 'maybe',
  pending: 'maybe',
  review: 'maybe',
  succeeded: 'yes',
  failed: 'no',
};

/** Every status that a payment can have. */
export const PAYMENT_STATUSES = Object.keys(LEGAL_MOVES) as readonly PaymentStatus[];

/** What a payment of that status says of its money. */
export const moneyMovedAt = (status: PaymentStatus): MoneyMoved => MONEY_MOVED[status];

/** Whether a status is never left again. `review` is not final: a person, or late proof, ends it. */
export const isFinal = (status: PaymentStatus): boolean => LEGAL_MOVES[status].length === 0;

/** Whether the table of legal moves has this one. */
export const canMove = (from: PaymentStatus, to: PaymentStatus): boolean => LEGAL_MOVES[from].includes(to);

/** Where a piece of knowledge came from. */
export type EvidenceSource = 'local' | 'reply' | 'query' | 'callback' | 'statement' | 'ledger' | 'person';

/** One thing that was learned about a payment, in the order of learning. Holds no secret and no full MSISDN. */
export interface Evidence {
  readonly atMs: number;
  readonly source: EvidenceSource;
  /** The attempt it is about; 0 for the payment as a whole. */
  readonly attempt: number;
  /** What it says of the money of that attempt. */
  readonly moneyMoved: MoneyMoved;
  /** The operator's code, or one of our error codes. */
  readonly code?: string;
  /** One sentence. */
  readonly detail: string;
}

/** What a callback said that the operator itself must have sent. */
export interface VouchedResult {
  readonly status: 'succeeded' | 'failed';
  readonly reason?: FailureReason;
  readonly receipt?: string;
  readonly atMs: number;
}

/** One try over one route, stored before its request leaves. */
export interface Attempt {
  /** From 1. */
  readonly number: number;
  readonly routeId: string;
  readonly provider: string;
  /** Ours, derived from transaction id and number; that of the attempt before, where it never left and the route takes a reference once. */
  readonly reference: string;
  /** The last segment of this attempt's callback address; unguessable, and so a secret. */
  readonly callbackToken: string;
  readonly startedAtMs: number;
  /** `no` again only by proof. */
  readonly moneyMoved: MoneyMoved;
  /** The operator's ids, as far as they reached us. */
  readonly references: ProviderReferences;
  /** How often it was asked about, and the operator answered. */
  readonly queries: number;
  /**
   * The operator has shown that it has this attempt: it accepted it, called its reference taken, or told its state. From then on
   * nothing that it says of not knowing it is a proof.
   */
  readonly acknowledged?: true;
  /** When the same request went out again under the same reference; left out where it went out once. */
  readonly sentAgain?: { readonly times: number; readonly lastAtMs: number };
  /**
   * This process has not sent it, and will not: a journal that forgets writes may have lost that another one did. It is only looked up.
   */
  readonly onlyLookedUp?: true;
  /** The journal may have lost an attempt that came after this one: where this one moved nothing, that is looked up first. */
  readonly mayBeFollowed?: true;
  /**
   * Nothing but being paid ends the payment without a person: what is said of the attempt contradicts itself, or another one may have come
   * after it, of which the journal has lost everything.
   */
  readonly onlyPaidEnds?: true;
  /** Why it moved nothing, once that is proven; `never-left` when it was not even sent, for a passing reason. */
  readonly outcome?: FailureReason | 'never-left';
  /**
   * A final result that came in a callback which the operator vouched for. A query is to confirm it; where none can tell, it
   * stands after a while, unless some other callback said otherwise.
   */
  readonly vouched?: VouchedResult;
  /** What callbacks have said of it, each answer once: `succeeded`, `failed`, or `unknown` where the operator vouched for that. */
  readonly claims?: readonly string[];
  /** The receipt that an unconfirmed callback named. */
  readonly claimedReceipt?: string;
}

/** What a refund keeps of the payment that it gives back: enough to send it, without another look at that record. */
export interface Original {
  readonly transactionId: string;
  readonly provider: string;
  /** Ours, of the attempt that was paid. */
  readonly reference: string;
  readonly references: ProviderReferences;
  readonly receipt?: string;
  /** Decimal string: what was paid. */
  readonly amount: string;
  /** Which refund of that payment this is, from 1: no two can be written as the same, so that their sum can be kept. */
  readonly slot: number;
}

/** A payment as the journal keeps it; callers are shown a {@link Payment}. */
export interface PaymentRecord {
  readonly transactionId: string;
  /** 1 when inserted, one more with each write; the journal compares it. */
  readonly version: number;
  readonly type: PaymentType;
  readonly status: PaymentStatus;
  readonly moneyMoved: MoneyMoved;
  readonly reason?: FailureReason;
  /** Decimal string with all the decimals of the currency. */
  readonly amount: string;
  readonly currency: CurrencyCode;
  /** The other party, E.164 digits. Kept whole because it is sent; masked in every view of the record. */
  readonly msisdn: string;
  readonly country: string;
  /**
   * Whose wallet it may be, as ids of the operator directory, likeliest first. A collection names one: asking at another would
   * prompt a wallet that the customer never meant.
   */
  readonly operators: readonly string[];
  readonly description?: string;
  readonly accountReference?: string;
  /** Of a refund: the payment that is given back. */
  readonly original?: Original;
  /** The routes that could have carried it when it was accepted, where there were several. */
  readonly ways?: readonly string[];
  /** Digest of what may not differ under the same id. */
  readonly fingerprint: string;
  readonly attempts: readonly Attempt[];
  readonly evidence: readonly Evidence[];
  /** The operator's receipt, once paid. */
  readonly receipt?: string;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
  /** When the loop is to look at it again; `null` when it is at rest. */
  readonly dueAtMs: number | null;
}

/** What one move may change besides the status. */
export interface PaymentChange {
  readonly status?: PaymentStatus;
  readonly reason?: FailureReason;
  readonly receipt?: string;
  readonly attempts?: readonly Attempt[];
  /** Appended to what is known. */
  readonly learned?: readonly Evidence[];
  readonly dueAtMs?: number | null;
}

/** Evidence beyond this is dropped from the middle: the first entries and the last ones tell the story. */
const KEPT_EVIDENCE = 64;

/**
 * Makes the next version of a record.
 * @throws InvalidTransitionError when the move is not in the table, or when the record would no longer say truly whether money
 * moved: see docs/payment-states.md#what-every-record-keeps.
 */
export function movePayment(record: PaymentRecord, nowMs: number, change: PaymentChange): PaymentRecord {
  const status = change.status ?? record.status;
  const attempts = change.attempts ?? record.attempts;
  const dueAtMs = isFinal(status) ? null : change.dueAtMs === undefined ? record.dueAtMs : change.dueAtMs;
  const objection =
    objectionToMove(record, status, change) ??
    objectionToMoney(record.status, status, attempts) ??
    objectionToRest(status, dueAtMs);
  if (objection !== undefined) {
    throw new InvalidTransitionError(record.transactionId, record.status, status, objection);
  }
  return {
    ...record,
    version: record.version + 1,
    status,
    moneyMoved: MONEY_MOVED[status],
    attempts,
    evidence: appendEvidence(record.evidence, change.learned ?? []),
    updatedAtMs: nowMs,
    dueAtMs,
    ...(change.reason === undefined ? {} : { reason: change.reason }),
    ...(change.receipt === undefined ? {} : { receipt: change.receipt }),
  };
}

function objectionToMove(record: PaymentRecord, status: PaymentStatus, change: PaymentChange): string | undefined {
  if (isFinal(record.status)) return 'a final record never changes';
  if (status !== record.status && !canMove(record.status, status)) return 'that move is not legal';
  if ((status === 'failed') !== (change.reason !== undefined))
    return 'a failure has a reason, and nothing else has one';
  if (change.receipt !== undefined && status !== 'succeeded') return 'only a payment that succeeded has a receipt';
  if ((change.attempts?.length ?? Infinity) < record.attempts.length) return 'an attempt is never forgotten';
  return undefined;
}

/** What the attempts say of the money must be what the status says of it. */
function objectionToMoney(from: PaymentStatus, to: PaymentStatus, attempts: readonly Attempt[]): string | undefined {
  const moved = attempts.filter((attempt) => attempt.moneyMoved !== 'no');
  switch (to) {
    case 'created':
    case 'failed':
      return moved.length === 0 ? undefined : 'an attempt is not proven to have moved nothing';
    case 'sending':
    case 'pending':
      return moved.length === 1 && moved[0] === attempts.at(-1) && moved[0]?.moneyMoved === 'maybe'
        ? undefined
        : 'the last attempt, and no other, must be in doubt';
    case 'succeeded':
      if (moved.length === 0 || moved.some(({ moneyMoved }) => moneyMoved === 'maybe')) {
        return 'an attempt must be proven to have paid, and none may be in doubt';
      }
      return moved.length === 1 || from === 'review' ? undefined : 'that it was paid twice is for a person to end';
    case 'review':
      return undefined;
  }
}

/** An open payment without a due time would never be looked at again; in review, a person looks. */
const objectionToRest = (status: PaymentStatus, dueAtMs: number | null): string | undefined =>
  dueAtMs === null && !isFinal(status) && status !== 'review' ? 'an open payment must fall due' : undefined;

export function appendEvidence(known: readonly Evidence[], learned: readonly Evidence[]): readonly Evidence[] {
  if (learned.length === 0) return known;
  const all = [...known, ...learned];
  if (all.length <= KEPT_EVIDENCE) return all;
  const half = KEPT_EVIDENCE / 2;
  return [...all.slice(0, half), ...all.slice(-half)];
}

/** Digest of what makes two requests the same payment. */
export function fingerprintOf(
  request: Pick<PaymentRecord, 'type' | 'amount' | 'currency' | 'msisdn' | 'original'>,
): string {
  return sha256Hex(
    JSON.stringify([
      'canza:payment:1',
      request.type,
      request.amount,
      request.currency,
      request.msisdn,
      request.original?.transactionId ?? null,
    ]),
  );
}

/** A payment as its caller sees it: the record without secrets, the number masked, times as ISO 8601. */
export interface Payment {
  readonly transactionId: string;
  readonly version: number;
  readonly type: PaymentType;
  readonly status: PaymentStatus;
  readonly moneyMoved: MoneyMoved;
  readonly reason?: FailureReason;
  readonly amount: string;
  readonly currency: CurrencyCode;
  /** Masked: `254••••••456`. */
  readonly phoneNumber: string;
  readonly country: string;
  /** The route of the last attempt. */
  readonly route?: string;
  readonly provider?: string;
  readonly receipt?: string;
  readonly originalTransactionId?: string;
  readonly attempts: readonly AttemptView[];
  readonly evidence: readonly Evidence[];
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** An attempt as callers see it. */
export type AttemptView = Pick<Attempt, 'number' | 'routeId' | 'provider' | 'reference' | 'moneyMoved'> & {
  readonly startedAt: string;
};

/** Shows a record to its caller. */
export function viewPayment(record: PaymentRecord): Payment {
  const last = record.attempts.at(-1);
  const createdAt = new Date(record.createdAtMs).toISOString();
  // Times of one payment are mostly one time.
  const at = (atMs: number): string => (atMs === record.createdAtMs ? createdAt : new Date(atMs).toISOString());
  return {
    transactionId: record.transactionId,
    version: record.version,
    type: record.type,
    status: record.status,
    moneyMoved: record.moneyMoved,
    amount: record.amount,
    currency: record.currency,
    phoneNumber: maskMsisdn(record.msisdn),
    country: record.country,
    attempts: record.attempts.map(({ number, routeId, provider, reference, moneyMoved, startedAtMs }) => ({
      number,
      routeId,
      provider,
      reference,
      moneyMoved,
      startedAt: at(startedAtMs),
    })),
    // The entries are the record's own.
    evidence: record.evidence.map((each) => Object.freeze(each)),
    createdAt,
    updatedAt: at(record.updatedAtMs),
    ...(record.reason === undefined ? {} : { reason: record.reason }),
    ...(record.receipt === undefined ? {} : { receipt: record.receipt }),
    ...(record.original === undefined ? {} : { originalTransactionId: record.original.transactionId }),
    ...(last === undefined ? {} : { route: last.routeId, provider: last.provider }),
  };
}
