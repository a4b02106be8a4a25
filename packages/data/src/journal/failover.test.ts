import { type JournalEntry, JournalError } from '@canza/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { testEntry } from '../../test/entries.ts';
import { lacksRedisServer, OwnSentinel } from '../../test/servers/redis.ts';
import { until } from '../../test/until.ts';
import type { RedisConnection } from '../redis/connection.ts';
import { openRedis } from '../redis/index.ts';
import { createRedisJournal, type RedisJournal, type RedisJournalOptions } from './index.ts';

/** Large enough that what a replica which hangs has not read does not fit between it and the master. */
const DETAIL = 'x'.repeat(60_000);

const entryOf = (id: string, version: number): JournalEntry =>
  testEntry({
    id,
    version,
    state: version === 1 ? 'created' : 'sending',
    references: [`ref:${id}`],
    body: { detail: id.startsWith('lost') ? DETAIL : '' },
  });

let servers: OwnSentinel;
const opened: { journal: RedisJournal; connection: RedisConnection }[] = [];
async function open(options: Partial<RedisJournalOptions> = {}): Promise<RedisJournal> {
  const sentinels = [{ host: '127.0.0.1', port: servers.port }];
  const connection = await openRedis({ server: { sentinels, masterName: OwnSentinel.MASTER } });
  const journal = createRedisJournal({ connection, kinds: ['payment'], ...options });
  opened.push({ journal, connection });
  await journal.initialize();
  return journal;
}

/** An operator that would pay twice, and a process that sends to it as the bridge does: what is written, then sent. */
function createSender(journal: RedisJournal) {
  const sends = new Map<string, number>();
  const acknowledged = new Map<string, number>();
  const write = async (entry: JournalEntry): Promise<boolean> => {
    const { outcome } =
      entry.version === 1
        ? await journal.insert(entry, 'accepted')
        : await journal.replace(entry, 'sending', { beforeSend: true });
    if (outcome === 'written') acknowledged.set(entry.id, entry.version);
    return outcome === 'written';
  };
  const pay = async (id: string): Promise<void> => {
    try {
      await write(entryOf(id, 1));
      if (!(await write(entryOf(id, 2)))) return;
      if (journal.safety.state.verdict === 'sound') sends.set(id, (sends.get(id) ?? 0) + 1);
    } catch (error) {
      if (!(error instanceof JournalError)) throw error;
    }
  };
  return { sends, acknowledged, pay };
}

const payAll = async (pay: (id: string) => Promise<void>, ids: readonly string[]): Promise<void> => {
  const rest = [...ids];
  const worker = async (): Promise<void> => {
    // oxlint-disable-next-line no-await-in-loop
    for (let id = rest.shift(); id !== undefined; id = rest.shift()) await pay(id);
  };
  await Promise.all(Array.from({ length: 16 }, worker));
};

const someIds = (count: number, prefix: string): string[] =>
  Array.from({ length: count }, (_, index) => `${prefix}-${index}`);

describe.skipIf(lacksRedisServer)('a failover to a replica that lags behind', () => {
  beforeEach(async () => {
    servers = new OwnSentinel();
    await servers.start();
  }, 30_000);
  afterEach(async () => {
    await Promise.all(
      opened.splice(0).map(async ({ journal, connection }) => {
        await journal.close();
        await connection.close();
      }),
    );
    await servers.remove();
  }, 30_000);

  it('is found out, names exactly what was lost, and holds back sends until the books were compared', async () => {
    const journal = await open();
    const idle = await open();
    const told: string[] = [];
    journal.safety.onChange(({ verdict }) => told.push(verdict));
    const { sends, acknowledged, pay } = createSender(journal);
    await payAll(pay, someIds(300, 'kept'));
    servers.replica.pause();
    await payAll(pay, someIds(300, 'lost'));

    // Under load: these fail, or are written after the failover.
    const underLoad = payAll(pay, someIds(2_000, 'late'));
    await servers.master.kill();
    servers.replica.resume();
    await underLoad;
    const acknowledgedBefore = new Map(acknowledged);
    await until(async () => (await servers.replica.cli('role')).startsWith('master'));
    await until(async () => journal.safety.state.verdict === 'suspect');

    const { state } = journal.safety;
    if (state.verdict !== 'suspect') throw new Error('expected a suspect journal');
    const missing = new Map<string, number>();
    for (const [id, version] of acknowledgedBefore) {
      // oxlint-disable-next-line no-await-in-loop
      if (((await journal.read('payment', id))?.version ?? 0) < version) missing.set(id, version);
    }
    expect(missing.size).toBeGreaterThan(100);
    expect(new Map(state.lost.map(({ id, version }) => [id, version]))).toEqual(missing);
    expect(told).toEqual(['suspect']);
    await until(async () => idle.safety.state.verdict === 'suspect');

    // The caller repeats every payment, as it should where it got no answer. What was lost is accepted as if it were new.
    await payAll(pay, [...someIds(300, 'kept'), ...someIds(300, 'lost')]);
    expect([...sends.values()].filter((times) => times > 1)).toEqual([]);

    await journal.safety.reconciled('compared with the statement');
    await payAll(pay, ['new-1']);
    expect(sends.get('new-1')).toBe(1);
    await idle.insert(entryOf('new-2', 1), 'accepted');
    expect(idle.safety.state).toEqual({ verdict: 'sound' });
  }, 60_000);

  it('loses nothing that waited for the replica before it was sent', async () => {
    const journal = await open({ beforeSend: { replicas: 1, timeoutMs: 300 } });
    const { acknowledged, sends, pay } = createSender(journal);
    await payAll(pay, someIds(200, 'both'));
    expect(sends.size).toBe(200);
    servers.replica.pause();
    await payAll(pay, someIds(20, 'here'));
    expect(someIds(20, 'here').filter((id) => acknowledged.get(id) === 2)).toEqual([]);
    expect(sends.size).toBe(200);
    await servers.master.kill();
    servers.replica.resume();
    await until(async () => (await servers.replica.cli('role')).startsWith('master'));
    await until(async () => journal.safety.state.verdict === 'suspect');
    const standing = await Promise.all([...sends.keys()].map((id) => journal.read('payment', id)));
    expect(standing.filter((entry) => entry?.version !== 2)).toEqual([]);
  }, 60_000);
});
