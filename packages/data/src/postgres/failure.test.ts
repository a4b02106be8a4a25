import { ConfigError, type Journal, JournalError } from '@canza/core';
import { createRecordingLogger, createTurnedClock } from '@canza/core/testing';
import { describe, expect, inject, it } from 'vitest';
import { freePort } from '../../../../tools/free-port.ts';
import { testEntry } from '../../test/entries.ts';
import { journalFailure } from './failure.ts';
import { createPostgresJournal, openPostgresJournal, type Sql } from './index.ts';

const postgresUrl = inject('postgresUrl');

const entry = testEntry({ references: ['ref-1'] });
const second = { ...entry, version: 2 };

const SERVER = { in_recovery: false, fsync: 'on', synchronous_commit: 'on', full_page_writes: 'on' };

/** A server that has the schema already, and answers each statement of the journal as `answer` does. */
const serverThat =
  (answer: () => Promise<never[]>, settings: object = SERVER): Sql =>
  async ({ text }) => {
    if (text.includes('pg_is_in_recovery')) return [{ ...settings }];
    if (text.includes('to_regclass')) return [{ present: true }];
    if (text.includes('max(version)')) return [{ version: 99 }];
    return answer();
  };

const failing = (code: string | undefined, message = 'it failed'): Journal =>
  createPostgresJournal({
    sql: serverThat(() => Promise.reject(Object.assign(new Error(message), code === undefined ? {} : { code }))),
  });

const moneyOf = async (call: Promise<unknown>): Promise<string> => {
  const error: unknown = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof JournalError)) throw new Error('expected a JournalError');
  return error.moneyMoved;
};

describe('a failed write', () => {
  it.each(['40P01', '53100', '57014', '55P03', '42P01'])(
    'surely did not happen when the server says %s',
    async (code) => {
      expect(await moneyOf(failing(code).insert(entry, ''))).toBe('no');
      expect(await moneyOf(failing(code).replace(second, ''))).toBe('no');
    },
  );

  it.each(['57P01', '57P02', '08006', '40003', 'ECONNRESET', undefined])(
    'may have happened when all that is known is %s',
    async (code) => {
      expect(await moneyOf(failing(code, 'Connection terminated unexpectedly').insert(entry, ''))).toBe('maybe');
      expect(await moneyOf(failing(code).replace(second, ''))).toBe('maybe');
      expect(await moneyOf(failing(code).read('payment', 'tx-1'))).toBe('no');
    },
  );

  it('surely did not happen when no connection was made', async () => {
    expect(await moneyOf(failing('ECONNREFUSED').insert(entry, ''))).toBe('no');
    expect(await moneyOf(failing('53300').insert(entry, ''))).toBe('no');
    expect(await moneyOf(failing(undefined, 'timeout exceeded when trying to connect').insert(entry, ''))).toBe('no');
    const journal = await openPostgresJournal({ url: `postgres://canza@127.0.0.1:${await freePort()}/none` });
    expect(await moneyOf(journal.insert(entry, ''))).toBe('no');
    await journal.close();
  });

  it('says nothing of what was to be written', () => {
    const error = journalFailure(
      'An insert',
      Object.assign(new Error('Key (id)=(254712345678) exists'), { code: '23505' }),
      true,
    );
    expect(JSON.stringify([error, error.cause])).not.toContain('254712345678');
  });
});

describe('a server that does not answer', () => {
  const silent = serverThat(() => new Promise(() => undefined));

  it('is given up at the deadline: a write may have happened, a read has not', async () => {
    const clock = createTurnedClock();
    const journal = createPostgresJournal({ sql: silent, clock, timeoutMs: 2_000 });
    const write = moneyOf(journal.insert(entry, ''));
    const read = moneyOf(journal.read('payment', 'tx-1', { timeoutMs: 500 }));
    await clock.advance(500);
    expect(await read).toBe('no');
    await clock.advance(1_500);
    expect(await write).toBe('maybe');
    expect(clock.pendingTimers).toBe(0);
  });

  it('is given up when the caller calls off', async () => {
    const journal = createPostgresJournal({ sql: silent });
    await journal.initialize();
    const controller = new AbortController();
    const write = moneyOf(journal.replace(second, '', { signal: controller.signal }));
    await new Promise((resolve) => void setImmediate(resolve));
    controller.abort();
    expect(await write).toBe('maybe');
  });

  it('never had a write that was still waiting for the check of the server', async () => {
    const clock = createTurnedClock();
    const journal = createPostgresJournal({ sql: () => new Promise(() => undefined), clock });
    const write = moneyOf(journal.insert(entry, '', { timeoutMs: 100 }));
    await clock.advance(100);
    expect(await write).toBe('no');
  });
});

describe('a server that could lose a payment', () => {
  const answers = (settings: object) => serverThat(async () => [], { ...SERVER, ...settings });
  const refusal = async (settings: object, durability?: 'development'): Promise<string> => {
    const journal = createPostgresJournal({ sql: answers(settings), ...(durability ? { durability } : {}) });
    return journal.initialize().then(
      () => 'accepted',
      (error: unknown) => (error instanceof ConfigError ? error.message : String(error)),
    );
  };

  it('is refused with the setting and how to change it', async () => {
    expect(await refusal({})).toBe('accepted');
    expect(await refusal({ fsync: 'off' })).toMatch(/fsync.*ALTER SYSTEM SET fsync = on/);
    expect(await refusal({ synchronous_commit: 'off' })).toMatch(/ALTER ROLE CURRENT_USER SET synchronous_commit = on/);
    expect(await refusal({ synchronous_commit: 'local' })).toBe('accepted');
    expect(await refusal({ in_recovery: true })).toMatch(/standby/);
  });

  it('is accepted for development, with a warning; a standby never is', async () => {
    expect(await refusal({ fsync: 'off', synchronous_commit: 'off' }, 'development')).toBe('accepted');
    expect(await refusal({ in_recovery: true }, 'development')).toMatch(/standby/);
    const logger = createRecordingLogger();
    const sql = answers({ fsync: 'off' });
    await createPostgresJournal({ sql, durability: 'development', logger }).initialize();
    expect(logger.lines).toEqual([expect.objectContaining({ level: 'warn', fields: { field: 'PostgreSQL fsync' } })]);
  });

  it('makes every call fail with the same words, and nothing is written', async () => {
    const journal = createPostgresJournal({ sql: answers({ fsync: 'off' }) });
    const error: unknown = await journal.insert(entry, '').catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(JournalError);
    expect(String(error)).toContain('ALTER SYSTEM SET fsync = on');
  });
});

describe.skipIf(postgresUrl === null)('the schema', () => {
  const url = postgresUrl ?? '';

  it('is made once by any number of processes that start together', async () => {
    const options = { url, durability: 'development', schema: 'started_together', maxConnections: 2 } as const;
    const journals = await Promise.all(Array.from({ length: 6 }, () => openPostgresJournal(options)));
    await Promise.all(journals.map((journal) => journal.initialize()));
    expect(await journals[0]?.insert(entry, 'accepted')).toEqual({ outcome: 'written' });
    await Promise.all(journals.map((journal) => journal.close()));
  });

  it('is not made where that was not allowed', async () => {
    const journal = await openPostgresJournal({ url, durability: 'development', schema: 'absent', migrate: false });
    await expect(journal.initialize()).rejects.toThrow(/it stands at 0/);
    await journal.close();
  });

  it.each(['Journal', 'a-b', 'pg_own', 'x; drop table y', ''])('is not named %j', (schema) => {
    expect(() => createPostgresJournal({ sql: async () => [], schema })).toThrow(ConfigError);
  });
});
