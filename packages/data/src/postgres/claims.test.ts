import { describe, expect, inject, it } from 'vitest';
import { raceTwoClaimers } from '../../test/two-claimers.ts';
import { openPostgresJournal } from './index.ts';

const postgresUrl = inject('postgresUrl');

describe.skipIf(postgresUrl === null)('two processes on one PostgreSQL', () => {
  it('claim each of 10,000 due entries once, and a late owner is refused by its fence', async () => {
    const journal = await openPostgresJournal({ url: postgresUrl ?? '', durability: 'development' });
    const broken = await raceTwoClaimers(journal, 'postgres', postgresUrl ?? '', 10_000);
    await journal.close();
    expect(broken).toEqual([]);
  }, 60_000);
});
