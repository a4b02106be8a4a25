import { ConfigError, type JournalEntry, JournalError } from '@canza/core';
import { createRecordingLogger } from '@canza/core/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { testEntry } from '../../test/entries.ts';
import { lacksRedisServer, OwnRedis } from '../../test/servers/redis.ts';
import { until } from '../../test/until.ts';
import type { RedisConnection } from '../redis/connection.ts';
import { openRedis } from '../redis/index.ts';
import { createRedisJournal, type RedisJournal, type RedisJournalOptions } from './index.ts';

const entryOf = (id: string): JournalEntry => testEntry({ id });

const opened: { journal: RedisJournal; connection: RedisConnection }[] = [];
async function open(server: OwnRedis, options: Partial<RedisJournalOptions> = {}): Promise<RedisJournal> {
  const connection = await openRedis({ server: { url: server.url } });
  const journal = createRedisJournal({ connection, ...options });
  opened.push({ journal, connection });
  return journal;
}
afterEach(async () => {
  await Promise.all(
    opened.splice(0).map(async ({ journal, connection }) => {
      await journal.close();
      await connection.close();
    }),
  );
});

const refusal = (journal: RedisJournal): Promise<string> =>
  journal.initialize().then(
    () => 'accepted',
    (error: unknown) => (error instanceof ConfigError ? error.message : String(error)),
  );

describe.skipIf(lacksRedisServer)('a Redis that could lose a payment', () => {
  const server = new OwnRedis();
  beforeAll(() => server.start());
  afterAll(() => server.remove());
  afterEach(async () => {
    await server.cli('config', 'set', 'appendonly', 'yes', 'appendfsync', 'always', 'maxmemory-policy', 'noeviction');
    await server.cli('replicaof', 'no', 'one');
  });

  it('is refused with the setting and how to change it', async () => {
    expect(await refusal(await open(server))).toBe('accepted');
    await server.cli('config', 'set', 'maxmemory-policy', 'allkeys-lru');
    expect(await refusal(await open(server))).toContain('CONFIG SET maxmemory-policy noeviction');
    await server.cli('config', 'set', 'maxmemory-policy', 'noeviction', 'appendfsync', 'no');
    expect(await refusal(await open(server))).toContain('CONFIG SET appendfsync always');
    await server.cli('config', 'set', 'appendfsync', 'always', 'no-appendfsync-on-rewrite', 'yes');
    expect(await refusal(await open(server))).toContain('CONFIG SET no-appendfsync-on-rewrite no');
    await server.cli('config', 'set', 'appendfsync', 'everysec', 'no-appendfsync-on-rewrite', 'no');
    expect(await refusal(await open(server))).toBe('accepted');
    await server.cli('config', 'set', 'appendonly', 'no');
    expect(await refusal(await open(server))).toContain('CONFIG SET appendonly yes');
  });

  it('is accepted for development, and says so in the log', async () => {
    await server.cli('config', 'set', 'appendonly', 'no');
    const logger = createRecordingLogger();
    expect(await refusal(await open(server, { durability: 'development', logger }))).toBe('accepted');
    expect(logger.lines.filter(({ level }) => level === 'warn').length).toBeGreaterThan(0);
  });

  it('is never a replica, not even for development', async () => {
    await server.cli('replicaof', '127.0.0.1', '1');
    expect(await refusal(await open(server, { durability: 'development' }))).toContain('is a replica');
  });

  it('is looked at again after each reconnect, and then nothing more is written', async () => {
    const journal = await open(server);
    await journal.insert(entryOf('before'), 'accepted');
    await server.cli('config', 'set', 'appendonly', 'no');
    await server.cli('client', 'kill', 'type', 'normal');
    let refused: unknown;
    await until(async () => {
      refused = await journal.insert(entryOf('after'), 'accepted').catch((error: unknown) => error);
      return refused instanceof JournalError && refused.message.includes('appendonly');
    });
    expect((refused as JournalError).moneyMoved).toBe('no');
    expect(await journal.read('payment', 'after')).toBeUndefined();
    expect((await journal.read('payment', 'before'))?.version).toBe(1);
  });
});

describe.skipIf(lacksRedisServer)('a Redis that is started anew', () => {
  let own: OwnRedis | undefined;
  const startOwn = async (...options: string[]): Promise<OwnRedis> => {
    own = new OwnRedis(options.length === 0 ? undefined : options);
    await own.start();
    return own;
  };
  afterEach(async () => own?.remove());

  it('is trusted when it synced every write', async () => {
    const server = await startOwn();
    const journal = await open(server);
    await journal.insert(entryOf('tx-1'), 'accepted');
    await server.kill();
    await server.start();
    await until(async () => (await journal.insert(entryOf('tx-2'), 'accepted')).outcome === 'written');
    expect(journal.safety.state).toEqual({ verdict: 'sound' });
    expect((await journal.read('payment', 'tx-1'))?.version).toBe(1);
  });

  it('is suspect when it synced once a second, until somebody has compared the books', async () => {
    const server = await startOwn('--appendonly', 'yes', '--appendfsync', 'everysec');
    const journal = await open(server);
    await journal.insert(entryOf('tx-1'), 'accepted');
    await server.kill();
    await server.start();
    await until(async () => (await journal.insert(entryOf('tx-2'), 'accepted')).outcome === 'written');
    expect(journal.safety.state).toMatchObject({ verdict: 'suspect', why: expect.stringContaining('appendfsync') });
    const another = await open(server);
    await another.initialize();
    expect(another.safety.state.verdict).toBe('suspect');

    await another.safety.reconciled('statement of 1 January compared, nothing missing');
    expect(another.safety.state).toEqual({ verdict: 'sound' });
    await journal.insert(entryOf('tx-3'), 'accepted');
    expect(journal.safety.state).toEqual({ verdict: 'sound' });
  });

  it('is suspect when it synced every write and has lost one all the same', async () => {
    const server = await startOwn();
    const journal = await open(server);
    await journal.insert(entryOf('tx-1'), 'accepted');
    // As after an older copy of its files was put back.
    await server.cli('hset', 'canza:journal1:{payment}:meta', 'writes', '0');
    await server.kill();
    await server.start();
    await until(async () => (await journal.insert(entryOf('tx-2'), 'accepted')).outcome === 'written');
    expect(journal.safety.state).toMatchObject({
      verdict: 'suspect',
      why: 'Acknowledged writes are missing.',
      lost: [{ kind: 'payment', id: 'tx-1', version: 1 }],
    });
  });

  it('is not declared sound by somebody who has not seen the latest doubt', async () => {
    const server = await startOwn('--appendonly', 'yes', '--appendfsync', 'everysec');
    const [one, two] = [await open(server), await open(server)];
    await one.initialize();
    await two.initialize();
    await server.kill();
    await server.start();
    await until(async () => (await one.insert(entryOf('tx-1'), 'accepted')).outcome === 'written');
    await until(async () => two.safety.state.verdict === 'suspect');
    await server.cli('hset', 'canza:journal1:{payment}:meta', 'epoch', 'of another process');
    await expect(two.safety.reconciled('compared before')).rejects.toThrow(JournalError);
    expect(two.safety.state.verdict).toBe('suspect');
    await two.safety.reconciled('compared again');
    expect(two.safety.state.verdict).toBe('sound');
  });

  it('is suspect when it has come back empty, and all that was acknowledged is named', async () => {
    const server = await startOwn();
    const journal = await open(server);
    await journal.insert(entryOf('tx-1'), 'accepted');
    await server.cli('flushall');
    await journal.insert(entryOf('tx-2'), 'accepted');
    expect(journal.safety.state).toMatchObject({
      verdict: 'suspect',
      lost: [{ kind: 'payment', id: 'tx-1', version: 1 }],
    });
  });
});
