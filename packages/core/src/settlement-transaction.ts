import type { MoneyMoved } from './errors/base.ts';
import { InvalidTransitionError } from './errors/state.ts';
import { appendEvidence, type Evidence } from './payment.ts';
import type { StoredCall } from './settlement-call.ts';
import type { Abort, NetworkRules, SignedTransaction, SubmitRefusal, TransferProof } from './settlement-network.ts';

/**
 * The transaction record: one slot of one sender, every build that was ever made for it, and the settlements that it carries.
 * It is stored, bytes and all, before anything is submitted, and each member names it before that.
 *
 *     open → committed, aborted, dead
 *        ↘ review → open                          (by a person)
 *
 * - `committed`: final on the ledger, carried out. Each member has its proof, or goes to a person.
 * - `aborted`: final on the ledger, came to nothing. Members are free, or failed with the reason.
 * - `dead`: proven never to happen. Members are free.
 */
export type TransactionStatus = 'open' | 'committed' | 'aborted' | 'dead' | 'review';

const LEGAL_MOVES: Readonly<Record<TransactionStatus, readonly TransactionStatus[]>> = {
  open: ['committed', 'aborted', 'dead', 'review'],
  review: ['open', 'committed', 'aborted', 'dead'],
  committed: [],
  aborted: [],
  dead: [],
};

/** Signed bytes for the slot. Every build that is in the record may have been submitted. */
export interface TransactionBuild extends SignedTransaction {
  /** From 1. */
  readonly number: number;
  readonly builtAtMs: number;
  /** Whether it carries the call of the record, or only uses the slot up. */
  readonly purpose: 'call' | 'void';
  /** Proven to be past its end and in no block: it can never happen, and is offered to nobody. */
  readonly expired?: true;
}

/** Builds that are proven to have expired are kept up to so many, without their bytes: the last ones tell the story. */
const KEPT_EXPIRED = 16;

/** What became of it, once that is proven. Survives JSON. */
export interface TransactionOutcome {
  /** Of the build, or, where it is `dead`, of the foreign transaction that took the slot. */
  readonly hash?: string;
  readonly version?: string;
  readonly atMs?: number;
  /** Base units of the fee asset. */
  readonly feePaid?: string;
  readonly proofs?: readonly (TransferProof | null)[];
  readonly abort?: Abort;
  readonly died?: 'expired' | 'slot-used-by-another' | 'voided' | 'never-stored';
}

/** What a person has decided about a transaction of which no machine could tell. It is open again then, and ends by what the ledger shows. */
export interface DecidedTransaction {
  /**
   * `look-again`: it is followed as before. `void`: what it was to carry is offered to nobody any more, and its slot is used up without it; either that
   * or what was sent before can happen, never both.
   */
  readonly to: 'look-again' | 'void';
  /** What becomes of its settlements, once the ledger shows that it did not carry them. */
  readonly settlements: 'send-again' | 'call-off';
  readonly atMs: number;
}

/** A transaction of a chain as the journal keeps it, with every build that may have been submitted. */
export interface TransactionRecord {
  /** Ours. */
  readonly transactionId: string;
  readonly version: number;
  readonly status: TransactionStatus;
  readonly network: string;
  readonly sender: string;
  readonly slot: string;
  readonly slotGuards: NetworkRules['slotGuards'];
  /** The transaction that was proven to have expired in this slot without using it, and whose place this one takes. */
  readonly after?: string;
  readonly call: StoredCall;
  /** Until when it may be built again: a price that one of its settlements rests on expires then. */
  readonly holdsUntilMs?: number;
  /** Ids of the settlements, in the order of the call's transfers; empty where it only fills a gap. */
  readonly members: readonly string[];
  readonly builds: readonly TransactionBuild[];
  /** Why a node definitely did not take the last build when it was offered. Proves nothing about the slot. */
  readonly refusal?: { readonly reason: SubmitRefusal; readonly code: string };
  readonly decided?: DecidedTransaction;
  /** Members whose own end a person has decided while it was in review: its call is offered to nobody any more. */
  readonly decidedMembers?: readonly string[];
  readonly outcome?: TransactionOutcome;
  /** Whether every member has been told of the outcome. */
  readonly concluded: boolean;
  /** How often it was looked for. */
  readonly looks: number;
  readonly evidence: readonly Evidence[];
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
  /** When it is to be looked at again; `null` once it is concluded, or in review. */
  readonly dueAtMs: number | null;
}

/** What the next version of a transaction says anew. */
export interface TransactionChange {
  readonly status?: TransactionStatus;
  /** Added to those that are there. */
  readonly build?: TransactionBuild;
  /** Every build that is there already is proven to have expired. */
  readonly expired?: boolean;
  /** Of the last build; another build begins without one. */
  readonly refusal?: TransactionRecord['refusal'];
  /** Opens it again, out of review. */
  readonly decided?: DecidedTransaction;
  /** A member whose end a person decides. */
  readonly decidedMember?: string;
  readonly outcome?: TransactionOutcome;
  readonly concluded?: true;
  readonly looks?: number;
  readonly learned?: readonly Evidence[];
  readonly dueAtMs?: number | null;
}

/** Whether a status is never left again. */
export const isTransactionFinal = (status: TransactionStatus): boolean => LEGAL_MOVES[status].length === 0;

/** What a transaction in that state says of the money of its members. */
export const transactionMoneyMoved = (status: TransactionStatus): MoneyMoved =>
  status === 'committed' ? 'yes' : status === 'aborted' || status === 'dead' ? 'no' : 'maybe';

/**
 * Makes the next version of a record.
 * @throws InvalidTransitionError when the move is not in the table, or when it could let two transactions happen for one settlement:
 * see docs/settlement.md#what-every-record-keeps.
 */
export function moveTransaction(
  record: TransactionRecord,
  nowMs: number,
  change: TransactionChange,
): TransactionRecord {
  const status = change.status ?? record.status;
  const concluded = change.concluded ?? record.concluded;
  const dueAtMs = concluded ? null : change.dueAtMs === undefined ? record.dueAtMs : change.dueAtMs;
  const objection =
    objectionToMove(record, status, change) ??
    objectionToDecision(record, status, change) ??
    objectionToBuild(record, change.build) ??
    (dueAtMs === null && !concluded && status !== 'review' ? 'what is not concluded must fall due' : undefined);
  if (objection !== undefined) {
    throw new InvalidTransitionError(record.transactionId, record.status, status, objection);
  }
  const { refusal: known, ...kept } = record;
  const refusal = change.refusal ?? (change.build === undefined ? known : undefined);
  return {
    ...kept,
    version: record.version + 1,
    status,
    builds: buildsAfter(record.builds, change),
    concluded,
    looks: change.looks ?? record.looks,
    evidence: appendEvidence(record.evidence, change.learned ?? []),
    updatedAtMs: nowMs,
    dueAtMs,
    ...(refusal === undefined ? {} : { refusal }),
    ...(change.decided === undefined ? {} : { decided: change.decided }),
    ...(change.decidedMember === undefined
      ? {}
      : { decidedMembers: [...new Set([...(record.decidedMembers ?? []), change.decidedMember])] }),
    ...(change.outcome === undefined ? {} : { outcome: change.outcome }),
  };
}

function buildsAfter(
  builds: readonly TransactionBuild[],
  { build, expired }: TransactionChange,
): readonly TransactionBuild[] {
  if (build === undefined) return builds;
  if (expired !== true) return [...builds, build];
  return [...builds.slice(-KEPT_EXPIRED).map((each) => ({ ...each, bytes: '', expired }) as const), build];
}

function objectionToMove(
  record: TransactionRecord,
  status: TransactionStatus,
  { outcome, concluded }: TransactionChange,
): string | undefined {
  const moves = status !== record.status;
  if (moves && !LEGAL_MOVES[record.status].includes(status)) return 'that move is not legal';
  const ends = moves && isTransactionFinal(status);
  if (ends !== (outcome !== undefined)) return 'an end has an outcome, and nothing else has one';
  if (concluded === true && !isTransactionFinal(status)) return 'members are told of an end only';
  if (status === 'dead' && ends && outcome?.died === undefined) return 'it must say what proves that it is dead';
  const named = record.builds.find(({ hash }) => hash === outcome?.hash);
  if (ends && status !== 'dead' && named === undefined) return 'only one of its own builds can have ended it';
  if (ends && status !== 'dead' && named?.purpose === 'void') return 'a void carries nothing out';
  if (ends && status !== 'dead' && named?.expired === true)
    return 'what was proven to have expired cannot have ended it';
  return undefined;
}

function objectionToDecision(
  record: TransactionRecord,
  status: TransactionStatus,
  { decided, decidedMember }: TransactionChange,
): string | undefined {
  const isReopened = record.status === 'review' && status === 'open';
  if (isReopened !== (decided !== undefined)) return 'what is in review, and nothing else, is opened again by a person';
  if (decidedMember !== undefined && (record.status !== 'review' || isReopened)) {
    return 'a person decides on a settlement while nobody follows its transaction';
  }
  if (decided === undefined || decided.to === 'void') return undefined;
  if (record.decided?.to === 'void') return 'what is to be voided stays so';
  const [first] = record.decidedMembers ?? [];
  return first === undefined ? undefined : `a person has decided on settlement "${first}", which it carries: void it`;
}

function objectionToBuild(record: TransactionRecord, build: TransactionBuild | undefined): string | undefined {
  if (build === undefined) return undefined;
  if (record.status !== 'open') return 'nothing is built any more';
  if (record.decided?.to === 'void' && build.purpose === 'call') return 'its slot is only used up any more';
  if (record.slotGuards === 'until-expiry') return 'a slot that guards until expiry has one build';
  if (build.slot !== record.slot || build.sender !== record.sender) return 'every build has the same sender and slot';
  return build.number === (record.builds.at(-1)?.number ?? 0) + 1 ? undefined : 'builds are numbered one by one';
}
