import { describe, expect, inject, it } from 'vitest';
import { runTwoClaimers } from '../../test/two-claimers.ts';
import { openPostgresJournal } from './index.ts';

const postgresUrl = inject('postgresUrl');

describe.skipIf(postgresUrl === null)('two processes on one PostgreSQL', () => {
  it('claim each of 10,000 due entries once, and a late owner is refused by its fence', async () => {
    const journal = await openPostgresJournal({ url: postgresUrl ?? '', durability: 'development' });
    const { moved, lateOutcomes } = await runTwoClaimers(journal, 'postgres', postgresUrl ?? '', 10_000);
    await journal.close();
    const all = moved.flat();
    expect(all.length).toBe(10_000);
    expect(new Set(all).size).toBe(10_000);
    expect(moved.every((share) => share.length > 0)).toBe(true);
    expect(lateOutcomes).toEqual(Array(100).fill('fenced'));
  }, 60_000);
});
