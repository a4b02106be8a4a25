import type { LedgerSnapshot } from '@canza/core';

import { type Answer, unexpected } from './fullnode/answer.ts';

/**
 * Where the ledger stood in the very answer that is given.
 * @throws UnexpectedResponseError for an answer that does not say so: nothing can be concluded from it.
 * Source: docs/providers/aptos.md#headers
 */
export function snapshotOf(answer: Answer): LedgerSnapshot {
  const { ledger, node } = answer;
  if (ledger === undefined) throw unexpected(answer, 'an answer without ledger headers');
  const { version, oldestVersion, timestampUs } = ledger;
  return {
    node,
    version: String(version),
    oldestVersion: String(oldestVersion),
    // A block takes a transaction while floor(time) < expiry, so the scale is whole seconds, rounded down.
    position: String(timestampUs / 1_000_000n),
    atMs: Number(timestampUs / 1000n),
  };
}
