import type { JournalEntry } from '@canza/core';

/** An entry at rest, as it is inserted, with what the test cares about. */
export const testEntry = (parts: Partial<JournalEntry> = {}): JournalEntry => ({
  kind: 'payment',
  id: 'tx-1',
  version: 1,
  state: 'created',
  dueAtMs: null,
  references: [],
  tags: [],
  createdAtMs: 1_000,
  updatedAtMs: 1_000,
  body: {},
  ...parts,
});
