import {
  type AbortReason,
  type Evidence,
  type EvidenceSource,
  isSettlementFinal,
  moveSettlement,
  type SettlementAttempt,
  type SettlementReason,
  type SettlementRecord,
  type TransactionRecord,
  type TransferProof,
} from '@canza/core';

/**
 * What the end of a transaction means for a settlement that it carried, pure.
 *
 * A settlement is settled by the event that shows its own arrival, not by the success of the transaction. Where a transaction came to
 * nothing and others were in it, nobody knows whose fault it was: it is tried again in halves, until one stands alone.
 */
export interface OutcomeContext {
  readonly nowMs: number;
  /** When a settlement that others carry is looked at again. */
  readonly recoverAfterMs: number;
  /** For how long a reason that may pass (no money in the account) is tried again. */
  readonly retryForMs: number;
  readonly retryEveryMs: number;
}

/** How much rarer a settlement is looked at once its transaction is known to be stored. */
const RARELY = 15;

/** What may be different the next time. */
const MAY_PASS: ReadonlySet<AbortReason> = new Set<AbortReason>(['insufficient-balance', 'out-of-gas']);

/**
 * The settlement after what is known of its transaction, or the settlement itself where that changes nothing.
 * @param transaction As it stands in the journal; `undefined` only where it is proven that it never will.
 */
export function afterTransaction(
  settlement: SettlementRecord,
  transaction: TransactionRecord | undefined,
  context: OutcomeContext,
): SettlementRecord {
  const attempt = settlement.attempts.at(-1);
  const isOpen = settlement.status === 'pending' || settlement.status === 'review';
  if (!isOpen || attempt === undefined) return settlement;
  if (transaction !== undefined && transaction.transactionId !== attempt.transactionId) return settlement;
  switch (transaction?.status) {
    case 'open':
      if (settlement.status === 'review') return lookedForAgain(settlement, attempt, context);
      // Whoever follows the transaction tells it; this only makes sure that nothing is forgotten.
      return moveSettlement(settlement, context.nowMs, {
        dueAtMs: context.nowMs + RARELY * context.recoverAfterMs,
      });
    case 'review':
      return review(settlement, attempt, transaction.evidence.at(-1)?.detail ?? 'A person has to look.', context);
    case 'committed':
      return afterCommit(settlement, attempt, transaction, context);
    case 'aborted':
      return afterAbort(settlement, attempt, transaction, context);
    case 'dead':
    case undefined:
      return afterDeath(settlement, attempt, transaction, context);
  }
}

/** A person has had its transaction opened again. */
const lookedForAgain = (
  settlement: SettlementRecord,
  attempt: SettlementAttempt,
  context: OutcomeContext,
): SettlementRecord =>
  moveSettlement(settlement, context.nowMs, {
    status: 'pending',
    dueAtMs: context.nowMs + RARELY * context.recoverAfterMs,
    learned: [evidence(context, 'person', attempt, 'maybe', 'REOPENED', 'Its transaction is looked for again.')],
  });

function afterCommit(
  settlement: SettlementRecord,
  attempt: SettlementAttempt,
  transaction: TransactionRecord,
  context: OutcomeContext,
): SettlementRecord {
  const { hash = '', version = '', atMs = 0, feePaid = '0' } = transaction.outcome ?? {};
  const proofs = proofsOf(settlement, transaction);
  if (proofs === undefined) {
    return review(settlement, attempt, 'It was carried out, but no event of the ledger shows the arrival.', context);
  }
  const feeShare = (BigInt(feePaid) / BigInt(Math.max(1, transaction.members.length))).toString();
  return moveSettlement(settlement, context.nowMs, {
    status: 'settled',
    attempts: withLast(settlement, { ...attempt, moneyMoved: 'yes' }),
    receipt: { transactionHash: hash, version, atMs, proofs, feeShare },
    learned: [evidence(context, 'ledger', attempt, 'yes', 'COMMITTED', `Committed at version ${version}.`)],
  });
}

/** The events that show what the settlement was for; `undefined` where they do not. */
function proofsOf(
  { settlementId, call }: SettlementRecord,
  { members, outcome }: TransactionRecord,
): readonly TransferProof[] | undefined {
  const proofs = outcome?.proofs ?? [];
  const index = members.indexOf(settlementId);
  if (call.kind !== 'transfers') return index === -1 ? undefined : proofs.filter((proof) => proof !== null);
  const proof = proofs[index];
  const [transfer] = call.transfers;
  const shown =
    proof !== undefined && proof !== null && proof.amount === transfer?.amount && proof.asset === call.asset;
  return shown ? [proof] : undefined;
}

function afterAbort(
  settlement: SettlementRecord,
  attempt: SettlementAttempt,
  { transactionId, members, outcome, decided }: TransactionRecord,
  context: OutcomeContext,
): SettlementRecord {
  const reason = outcome?.abort?.reason ?? 'contract-refused';
  const code = outcome?.abort?.code ?? 'ABORTED';
  const detail = outcome?.abort?.detail ?? 'It was carried out and came to nothing.';
  const learned = [evidence(context, 'ledger', attempt, 'no', code, detail)];
  if (decided?.settlements === 'call-off')
    return callOff(settlement, { ...attempt, outcome: reason }, learned, context);
  const index = members.indexOf(settlement.settlementId);
  const culprit = outcome?.abort?.transfer;
  if (members.length > 1 && reason !== 'sender-refused' && culprit !== index) {
    return moveSettlement(settlement, context.nowMs, {
      status: 'created',
      attempts: withLast(settlement, { ...attempt, moneyMoved: 'no', outcome: 'batch-aborted' }),
      group: culprit === undefined ? halfOf(transactionId, index, members.length) : `${transactionId}/rest`,
      learned,
      dueAtMs: context.nowMs,
    });
  }
  return endOrRetry(settlement, attempt, reason, learned, context);
}

/** As a person decided for the case that its transaction would not carry it. */
const callOff = (
  settlement: SettlementRecord,
  attempt: SettlementAttempt,
  learned: readonly Evidence[],
  context: OutcomeContext,
): SettlementRecord =>
  fail(settlement, 'not-settled', withLast(settlement, { ...attempt, moneyMoved: 'no' }), learned, context);

/** Names the half in which the member of an aborted batch travels on. */
const halfOf = (transactionId: string, index: number, size: number): string =>
  `${transactionId}/${index < size / 2 ? 1 : 2}`;

/** A settlement that stands alone and came to nothing. */
function endOrRetry(
  settlement: SettlementRecord,
  attempt: SettlementAttempt,
  reason: AbortReason,
  learned: readonly Evidence[],
  context: OutcomeContext,
): SettlementRecord {
  const attempts = withLast(settlement, { ...attempt, moneyMoved: 'no', outcome: reason });
  const again = MAY_PASS.has(reason) && context.nowMs - settlement.createdAtMs < context.retryForMs;
  return moveSettlement(
    settlement,
    context.nowMs,
    again
      ? { status: 'created', attempts, learned, dueAtMs: context.nowMs + context.retryEveryMs }
      : { status: 'failed', reason, attempts, learned },
  );
}

function afterDeath(
  settlement: SettlementRecord,
  attempt: SettlementAttempt,
  transaction: TransactionRecord | undefined,
  context: OutcomeContext,
): SettlementRecord {
  const attempts = withLast(settlement, { ...attempt, moneyMoved: 'no', outcome: 'never-committed' });
  const why = DEATHS[transaction?.outcome?.died ?? 'never-stored'];
  const learned = [evidence(context, transaction === undefined ? 'local' : 'ledger', attempt, 'no', 'DEAD', why)];
  if (transaction?.decided?.settlements === 'call-off') {
    return callOff(settlement, { ...attempt, outcome: 'never-committed' }, learned, context);
  }
  const members = transaction?.members ?? [];
  if (transaction !== undefined && wasRefused(transaction)) {
    if (members.length <= 1) return fail(settlement, 'network-refused', attempts, learned, context);
    const group = halfOf(transaction.transactionId, members.indexOf(settlement.settlementId), members.length);
    return moveSettlement(settlement, context.nowMs, {
      status: 'created',
      attempts,
      group,
      learned,
      dueAtMs: context.nowMs,
    });
  }
  return moveSettlement(settlement, context.nowMs, { status: 'created', attempts, learned, dueAtMs: context.nowMs });
}

/** Whether no node takes what it was to carry: its last build says so, or it gave way to a void for no other reason. */
function wasRefused({ refusal, builds, outcome, decided, holdsUntilMs = Infinity }: TransactionRecord): boolean {
  if (decided?.to === 'void') return false;
  if (refusal?.reason === 'malformed') return true;
  if (outcome?.died !== 'voided') return false;
  const used = builds.find(({ hash }) => hash === outcome.hash);
  return used !== undefined && used.builtAtMs < holdsUntilMs;
}

const DEATHS = {
  expired: 'Every build is past its end and in no block.',
  'slot-used-by-another': 'Its slot was used by another transaction.',
  voided: 'Its slot was used up without it.',
  'never-stored': 'Its transaction was never stored, so nothing was sent.',
} as const;

function fail(
  settlement: SettlementRecord,
  reason: SettlementReason,
  attempts: readonly SettlementAttempt[],
  learned: readonly Evidence[],
  { nowMs }: OutcomeContext,
): SettlementRecord {
  return moveSettlement(settlement, nowMs, { status: 'failed', reason, attempts, learned });
}

/**
 * A change as it may be written while the journal may have forgotten writes: what would be called unsent or failed may have gone with a transaction
 * that was lost, and is for a person. What the ledger shows to have arrived has arrived.
 */
export function inDoubtOfJournal(
  settlement: SettlementRecord,
  next: SettlementRecord,
  context: OutcomeContext,
): SettlementRecord {
  const isUnsent = settlement.status === 'created' || next.status === 'created' || next.status === 'failed';
  if (!isUnsent || isSettlementFinal(settlement.status)) return next;
  if (settlement.status === 'review') return settlement;
  const why = 'The journal may have forgotten that it was sent.';
  return review(settlement, settlement.attempts.at(-1), why, context);
}

/** Leaves a settlement to a person whose transaction is not there, where that proves nothing. */
export function inDoubt(
  settlement: SettlementRecord,
  { transactionId }: TransactionRecord,
  why: string,
  context: OutcomeContext,
): SettlementRecord {
  const attempt = settlement.attempts.at(-1);
  return settlement.status === 'pending' && attempt?.transactionId === transactionId
    ? review(settlement, attempt, why, context)
    : settlement;
}

function review(
  settlement: SettlementRecord,
  attempt: SettlementAttempt | undefined,
  why: string,
  context: OutcomeContext,
): SettlementRecord {
  // Told before.
  if (settlement.status === 'review') return settlement;
  const learned = [evidence(context, 'local', attempt, 'maybe', 'REVIEW', why)];
  return moveSettlement(settlement, context.nowMs, { status: 'review', dueAtMs: null, learned });
}

/** Names the transaction that is to carry a settlement: written before any bytes of it are. */
export function joinTransaction(
  settlement: SettlementRecord,
  transactionId: string,
  { nowMs, recoverAfterMs }: OutcomeContext,
): SettlementRecord {
  const attempt: SettlementAttempt = {
    number: settlement.attempts.length + 1,
    transactionId,
    startedAtMs: nowMs,
    moneyMoved: 'maybe',
  };
  return moveSettlement(settlement, nowMs, {
    status: 'pending',
    attempts: [...settlement.attempts, attempt],
    dueAtMs: nowMs + recoverAfterMs,
  });
}

/** Puts a settlement off of which nothing was sent. */
export function putOff(
  settlement: SettlementRecord,
  delayMs: number,
  code: string,
  why: string,
  context: OutcomeContext,
): SettlementRecord {
  const known = settlement.evidence.at(-1)?.detail === why;
  const learned = known ? [] : [evidence(context, 'local', undefined, 'no', code, why)];
  return moveSettlement(settlement, context.nowMs, { dueAtMs: context.nowMs + Math.ceil(delayMs), learned });
}

/** Ends a settlement of which nothing was sent. */
export const giveUp = (
  settlement: SettlementRecord,
  reason: SettlementReason,
  why: string,
  context: OutcomeContext,
): SettlementRecord =>
  fail(
    settlement,
    reason,
    settlement.attempts,
    [evidence(context, 'local', undefined, 'no', reason.toUpperCase(), why)],
    context,
  );

const withLast = (settlement: SettlementRecord, last: SettlementAttempt): readonly SettlementAttempt[] => [
  ...settlement.attempts.slice(0, -1),
  last,
];

const evidence = (
  { nowMs }: OutcomeContext,
  source: EvidenceSource,
  attempt: SettlementAttempt | undefined,
  moneyMoved: Evidence['moneyMoved'],
  code: string,
  detail: string,
): Evidence => ({ atMs: nowMs, source, attempt: attempt?.number ?? 0, moneyMoved, code, detail });
