import {
  InvalidRequestError,
  InvalidTransitionError,
  moveSettlement,
  redactText,
  type SettlementAttempt,
  type SettlementRecord,
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
  if (by === '' || because === '') {
    throw new InvalidRequestError({ field: by === '' ? 'by' : 'because', expected: 'text that tells it to others' });
  }
  const settled = status === 'settled';
  const moneyMoved = settled ? 'yes' : 'no';
  const learned = [
    {
      atMs: nowMs,
      source: 'person',
      attempt: record.attempts.length,
      moneyMoved,
      code: 'DECIDED',
      detail: `${redactText(by)}: ${redactText(because)}`,
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
