import {
  InvalidRequestError,
  InvalidTransitionError,
  moveSettlement,
  moveTransaction,
  type NetworkCapabilities,
  redactText,
  type SettlementAttempt,
  type SettlementRecord,
  type TransactionRecord,
  UnsupportedError,
} from '@canza/core';

/** How a person ends what no machine could tell. */
export interface SettlementDecision {
  readonly status: 'settled' | 'failed';
  /** Who decides; kept with the evidence. */
  readonly by: string;
  /** What it rests on: an explorer's page, the recipient's word. */
  readonly because: string;
  /** The ledger's name for the transaction that paid it; needed with `settled`. */
  readonly transactionHash?: string;
}

/** @throws InvalidTransitionError for what is not in review; InvalidRequestError naming the field. */
export function decideSettlement(
  record: SettlementRecord,
  { status, by, because, transactionHash }: SettlementDecision,
  nowMs: number,
): SettlementRecord {
  if (record.status !== 'review') {
    throw new InvalidTransitionError(
      record.settlementId,
      record.status,
      status,
      'only what is in review is decided by a person',
    );
  }
  const detail = reasonOf({ by, because });
  const settled = status === 'settled';
  const moneyMoved = settled ? 'yes' : 'no';
  const learned = [
    {
      atMs: nowMs,
      source: 'person',
      attempt: record.attempts.length,
      moneyMoved,
      code: 'DECIDED',
      detail,
    },
  ] as const;
  const attempts = record.attempts.map((attempt, index): SettlementAttempt => {
    const last = index === record.attempts.length - 1;
    return last ? { ...attempt, moneyMoved, ...(settled ? {} : { outcome: 'not-settled' }) } : attempt;
  });
  if (!settled) return moveSettlement(record, nowMs, { status, reason: 'not-settled', attempts, learned });
  if (transactionHash === undefined || transactionHash === '') {
    throw new InvalidRequestError({ field: 'transactionHash', expected: 'the transaction that paid it' });
  }
  const receipt = { transactionHash, version: '', atMs: nowMs, proofs: [], feeShare: '0' };
  return moveSettlement(record, nowMs, { status, attempts, learned, receipt });
}

/** Who decides, and why, for the evidence. */
interface Reasoned {
  readonly by: string;
  readonly because: string;
}

function reasonOf({ by, because }: Reasoned): string {
  for (const [field, text] of Object.entries({ by, because })) {
    if (typeof text !== 'string' || text === '') {
      throw new InvalidRequestError({ field, expected: 'text that tells it to others' });
    }
  }
  return `${redactText(by)}: ${redactText(because)}`;
}

/**
 * Marks that a person decides on a settlement while its transaction is in review: from then on that transaction is not opened again to carry it.
 * The transaction's own entry decides between the two, so that they cannot both happen at once.
 * @returns the transaction itself where it is final, and offers nothing to anybody any more.
 * @throws InvalidTransitionError while it is followed: what becomes of it is found out, or it comes to review again.
 */
export function markDecided(transaction: TransactionRecord, settlementId: string, nowMs: number): TransactionRecord {
  if (transaction.status === 'open') {
    const why = 'its transaction is open, and is followed until the ledger shows its end';
    throw new InvalidTransitionError(settlementId, 'review', 'settled', why);
  }
  const isKnown = transaction.decidedMembers?.includes(settlementId) === true;
  if (transaction.status !== 'review' || isKnown) return transaction;
  return moveTransaction(transaction, nowMs, { decidedMember: settlementId });
}

/**
 * How a person has a transaction go on of which no machine could tell what became of it. Neither sets a settlement free, or its number: only what the
 * ledger shows afterwards does.
 */
export type TransactionDecision = {
  /** Who decides; kept with the evidence. */
  readonly by: string;
  /** What it rests on: a node that keeps history is configured now, the other program is stopped. */
  readonly because: string;
} & (
  | {
      /** It is followed as before: looked for, offered, built again after its proven end. For another {@link SettlementPolicy.reviewAfterMs} at most. */
      readonly action: 'look-again';
    }
  | {
      /**
       * What it was to carry is offered to nobody any more; its number is used up by an empty transaction. What was sent before may still be carried out in
       * its place: at most one of them can be.
       */
      readonly action: 'void';
      /** What becomes of the settlements that it is proven not to have carried. Default `send-again`; `call-off` fails them. */
      readonly settlements?: 'send-again' | 'call-off';
    }
);

/** @throws InvalidTransitionError for what is not in review; UnsupportedError; InvalidRequestError naming the field. */
export function decideTransaction(
  record: TransactionRecord,
  decision: TransactionDecision,
  { capabilities, nowMs }: { readonly capabilities: NetworkCapabilities; readonly nowMs: number },
): TransactionRecord {
  const { action } = decision;
  const detail = `${action}: ${reasonOf(decision)}`;
  if (action !== 'look-again' && action !== 'void') {
    throw new InvalidRequestError({ field: 'action', expected: '"look-again" or "void"' });
  }
  const settlements = action === 'void' ? (decision.settlements ?? 'send-again') : 'send-again';
  if (settlements !== 'send-again' && settlements !== 'call-off') {
    throw new InvalidRequestError({ field: 'settlements', expected: '"send-again" or "call-off"' });
  }
  if (record.status !== 'review') {
    const why = 'only what is in review is decided by a person';
    throw new InvalidTransitionError(record.transactionId, record.status, 'open', why);
  }
  if (action === 'void') assertVoidable(record, capabilities);
  const isVoiding = action === 'void' || record.decided?.to === 'void';
  return moveTransaction(record, nowMs, {
    status: 'open',
    decided: {
      to: isVoiding ? 'void' : 'look-again',
      settlements: action === 'void' ? settlements : (record.decided?.settlements ?? settlements),
      atMs: nowMs,
    },
    learned: [
      { atMs: nowMs, source: 'person', attempt: record.builds.length, moneyMoved: 'maybe', code: 'DECIDED', detail },
    ],
    looks: 0,
    dueAtMs: nowMs,
  });
}

/** Only where an empty transaction and the one that was sent exclude each other for ever. */
function assertVoidable({ slotGuards }: TransactionRecord, capabilities: NetworkCapabilities): void {
  if (slotGuards !== 'for-ever') {
    throw new InvalidRequestError({
      field: 'action',
      expected: '"look-again": what has no number holds nothing up, and expires',
    });
  }
  if (capabilities.void !== 'supported') throw new UnsupportedError('void', capabilities.void.unsupported);
}
