import { describe, expect, it } from 'vitest';

import { describeJournal } from '../contracts/index.ts';
import { createMemoryJournal } from './journal.ts';

describeJournal({ describe, it }, 'the journal in memory', { create: async () => createMemoryJournal() });

describe('the journal in memory', () => {
  it('refuses that what was handed over is modified afterwards', async () => {
    const journal = createMemoryJournal();
    const body = { status: 'created', attempts: [{ number: 1 }] };
    const times = { createdAtMs: 0, updatedAtMs: 0, dueAtMs: null };
    await journal.insert(
      { kind: 'payment', id: 'tx-1', version: 1, state: 'created', references: [], tags: [], body, ...times },
      'accepted',
    );
    expect(() => {
      body.attempts[0]!.number = 2;
    }).toThrow(TypeError);
  });
});
