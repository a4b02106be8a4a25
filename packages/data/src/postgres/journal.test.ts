import type { Journal } from '@canza/core';
import { describeJournal } from '@canza/core/contracts';
import { PGlite } from '@electric-sql/pglite';
import { afterAll, beforeAll, describe, inject, it } from 'vitest';
import { createPostgresJournal, type OpenPostgresJournal, openPostgresJournal, sqlOverPglite } from './index.ts';

const postgresUrl = inject('postgresUrl');

/** The suite's server runs without fsync, to be quick. */
const durability = 'development';

describe.skipIf(postgresUrl === null)('on a PostgreSQL server', () => {
  let journal: OpenPostgresJournal;
  beforeAll(async () => {
    journal = await openPostgresJournal({ url: postgresUrl ?? '', durability, schema: 'contract' });
  });
  afterAll(() => journal.close());
  describeJournal({ describe, it }, 'the journal on a PostgreSQL server', { create: async () => journal });
});

describe('on an embedded PostgreSQL', () => {
  let database: PGlite;
  let journal: Journal;
  beforeAll(async () => {
    database = await PGlite.create();
    journal = createPostgresJournal({ sql: sqlOverPglite(database), durability });
  });
  afterAll(() => database.close());
  describeJournal({ describe, it }, 'the journal on an embedded PostgreSQL', { create: async () => journal });
});
