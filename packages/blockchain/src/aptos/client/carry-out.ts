import {
  type CallOptions,
  type Clock,
  type LedgerSnapshot,
  PaymentError,
  type SubmitAnswer,
  sleep,
  TransportError,
  withDeadline,
} from '@canza/core';

import type { Address } from '../address.ts';
import type { Fullnode } from '../fullnode/fullnode.ts';
import { type CommittedTransaction, readTransactionAnswer } from '../fullnode/transaction-answer.ts';
import { snapshotOf } from '../ledger.ts';
import { slotSighting } from '../network/look.ts';
import { isProofOfExpiry } from '../proof-of-expiry.ts';
import { classifySubmission } from '../submission.ts';
import type { SignedTransaction } from '../transaction/sign.ts';
import type { OpenTransaction } from './errors.ts';

/** How a signed transaction ended. */
export type CarriedOut =
  | { readonly status: 'committed'; readonly transaction: CommittedTransaction }
  /** A node definitely did not take it, and it was never sent before: nothing of it can commit. */
  | { readonly status: 'refused'; readonly answer: Extract<SubmitAnswer, { status: 'refused' }> }
  /** By proof, it can never commit any more. */
  | { readonly status: 'expired'; readonly ledger: LedgerSnapshot }
  /** Its number was used by another transaction: it can never commit any more, and somebody else has the key. */
  | { readonly status: 'displaced'; readonly by: string };

export interface CarryOutRequest extends OpenTransaction {
  readonly sender: Address;
  /** Whether these bytes may have been sent before: then no refusal is definite. */
  readonly sentBefore: boolean;
}

export interface CarryOutPorts {
  readonly fullnode: Fullnode;
  readonly clock: Clock;
}

const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 1000;

/**
 * Sends a signed transaction and waits until its end is known. The same bytes go out again as often as it takes; nothing else does.
 * @throws DeadlineError or AbortedError, `moneyMoved: 'maybe'`, while the end is not known.
 */
export function carryOut(
  { fullnode, clock }: CarryOutPorts,
  { transaction: signed, sender, bornAtVersion, sentBefore }: CarryOutRequest,
  { timeoutMs, signal }: CallOptions & { readonly timeoutMs: number },
): Promise<CarriedOut> {
  const deadline = { timeoutMs, what: `Transaction ${signed.hash}`, moneyMoved: 'maybe' as const };
  return withDeadline(clock, { ...deadline, ...(signal === undefined ? {} : { signal }) }, async (within) => {
    let mayBeOut = sentBefore;
    let pauseMs = FIRST_PAUSE_MS;
    for (;;) {
      const sent = await submitOnce(fullnode, signed, within);
      if (sent.status === 'refused' && !mayBeOut) return { status: 'refused', answer: sent };
      if (sent.status !== 'busy') mayBeOut = true;
      // Looks until the node knows nothing of it; then the same bytes go out again.
      for (let isKnown = true; isKnown; ) {
        const seen = await look(fullnode, signed, sender, bornAtVersion, within);
        if (typeof seen === 'object') return seen;
        isKnown = seen === 'pending';
        await sleep(clock, pauseMs, within);
        pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
      }
    }
  });
}

async function submitOnce(fullnode: Fullnode, signed: SignedTransaction, signal: AbortSignal): Promise<SubmitAnswer> {
  try {
    const request = { method: 'POST', path: 'transactions', bcs: signed.bytes } as const;
    return classifySubmission(await fullnode.send(request, { signal }), signed.hash);
  } catch (error) {
    if (!PaymentError.isInstance(error)) throw error;
    const isUnsent = TransportError.isInstance(error) && error.failure === 'not-connected';
    return { status: isUnsent ? 'busy' : 'unknown', code: error.code, detail: error.message };
  }
}

/** What one round of looking found: the end, or that it waits in mempool, or nothing. */
async function look(
  fullnode: Fullnode,
  { hash, raw }: SignedTransaction,
  sender: Address,
  bornAtVersion: bigint,
  signal: AbortSignal,
): Promise<CarriedOut | 'pending' | 'unknown'> {
  try {
    const answer = await fullnode.read({ method: 'GET', path: `transactions/wait_by_hash/${hash}` }, { signal });
    const seen = readTransactionAnswer(answer, hash);
    if (seen.status === 'committed') return seen;
    if (seen.status === 'pending') return 'pending';
    const ledger = snapshotOf(answer);
    if (isProofOfExpiry(seen.status, ledger, { expirationTimestampSecs: raw.expirationTimestampSecs, bornAtVersion })) {
      return { status: 'expired', ledger };
    }
    if ('nonce' in raw.replayProtection) return 'unknown';
    const slot = await slotSighting(fullnode, sender, raw.replayProtection.sequenceNumber, { signal });
    // By ourselves, and not found by its hash: a replica that lags. It will be found.
    return slot.status === 'used' && slot.by !== undefined && slot.by !== hash
      ? { status: 'displaced', by: slot.by }
      : 'unknown';
  } catch (error) {
    if (PaymentError.isInstance(error) && !signal.aborted) return 'unknown';
    throw error;
  }
}
