import type { LedgerSnapshot } from '@canza/core';

/** What of a transaction decides when it can no longer commit. */
export interface Validity {
  /** Seconds; a block takes the transaction only while its own time is below. */
  readonly expirationTimestampSecs: bigint;
  /** Version of the ledger before anybody could have sent it. */
  readonly bornAtVersion: bigint;
}

/**
 * Whether one answer proves that a transaction can never commit: the node knows neither a pending nor a committed one, its ledger *in that
 * same answer* has reached the expiry, and it remembers everything since the transaction was made. Pure.
 * @param ledger Of the very answer that said `absent`. Our own clock, another answer's ledger, or several nodes' mempools are no proof.
 * Source: docs/providers/aptos.md#proof-of-expiry
 */
export const isProofOfExpiry = (
  seen: 'absent' | 'pruned',
  ledger: LedgerSnapshot,
  { expirationTimestampSecs, bornAtVersion }: Validity,
): boolean =>
  seen === 'absent' &&
  BigInt(ledger.position) >= expirationTimestampSecs &&
  BigInt(ledger.oldestVersion) <= bornAtVersion;
