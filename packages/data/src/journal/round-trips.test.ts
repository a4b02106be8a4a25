import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testEntry } from '../../test/entries.ts';
import { lacksRedisServer, OwnRedis } from '../../test/servers/redis.ts';
import { until } from '../../test/until.ts';
import { openRedis } from '../redis/index.ts';
import { createRedisJournal } from './index.ts';

const entry = testEntry({ dueAtMs: 1_000, references: ['ref:1'], tags: ['phone:a'] });

describe.skipIf(lacksRedisServer)('what the journal sends', () => {
  const server = new OwnRedis();
  const replica = new OwnRedis();
  beforeAll(async () => {
    await Promise.all([server.start(), replica.start()]);
    await replica.cli('replicaof', '127.0.0.1', String(server.port));
    await until(async () => (await replica.cli('info', 'replication')).includes('master_link_status:up'));
  });
  afterAll(async () => {
    await Promise.all([server.remove(), replica.remove()]);
  });

  it('is one command for each change and each look-up', async () => {
    const connection = await openRedis({ server: { url: server.url } });
    const journal = createRedisJournal({ connection });
    await journal.initialize();
    // Each script once, so that the server knows them.
    const warm = { ...entry, id: 'warm', references: [], dueAtMs: null, state: 'done' };
    const claim = { kind: 'payment', owner: 'one', nowMs: 2_000, leaseMs: 1_000, limit: 10 };
    await journal.insert(warm, 'accepted');
    await journal.claimDue(claim);
    await journal.release('payment', 'warm', 0);
    await journal.findByReference('payment', 'none');
    await journal.list({ kind: 'payment', limit: 1 });

    const monitor = spawn('redis-cli', ['-p', String(server.port), 'monitor'], { stdio: ['ignore', 'pipe', 'ignore'] });
    const commands: string[] = [];
    const lines = createInterface({ input: monitor.stdout });
    await once(lines, 'line');
    lines.on('line', (line) => {
      if (!line.includes(' lua] ') && !line.includes('REPLCONF')) commands.push(line);
    });
    await journal.insert(entry, 'accepted');
    const [claimed] = await journal.claimDue(claim);
    await journal.replace({ ...entry, version: 2, state: 'sending' }, 'sending', {
      fence: claimed?.fence ?? 0,
      keepLease: true,
      beforeSend: true,
    });
    await journal.replace({ ...entry, version: 2 }, 'stale');
    await journal.release('payment', 'tx-1', claimed?.fence ?? 0);
    await journal.read('payment', 'tx-1');
    await journal.findByReference('payment', 'ref:1');
    await journal.list({ kind: 'payment', state: 'sending', limit: 10 });
    await journal.history('payment', 'tx-1');
    await server.cli('ping', 'the end');
    await until(async () => commands.some((line) => line.includes('the end')));
    const ended = once(monitor, 'exit');
    monitor.kill();
    await ended;
    expect(commands.filter((line) => line.includes(':payment}') || line.includes('{payment}'))).toHaveLength(9);
    expect(commands.filter((line) => !line.includes('the end') && !line.includes('"COMMAND"'))).toHaveLength(9);
    await journal.close();
    await connection.close();
  });

  it('is one wait for replicas for many writes before a send', async () => {
    const connection = await openRedis({ server: { url: server.url } });
    const journal = createRedisJournal({ connection, beforeSend: { replicas: 1 } });
    const ids = Array.from({ length: 200 }, (_, index) => `many-${index}`);
    const entries = ids.map((id) => ({ ...entry, id, references: [] }));
    await Promise.all(entries.map((first) => journal.insert(first, 'accepted')));
    await server.cli('config', 'resetstat');
    const written = await Promise.all(
      entries.map((first) => journal.replace({ ...first, version: 2 }, 'sending', { beforeSend: true })),
    );
    expect(written.every(({ outcome }) => outcome === 'written')).toBe(true);
    const [, calls] = /cmdstat_wait:calls=(\d+)/.exec(await server.cli('info', 'commandstats')) ?? [];
    expect(Number(calls)).toBeGreaterThanOrEqual(1);
    expect(Number(calls)).toBeLessThanOrEqual(5);
    await journal.close();
    await connection.close();
  });
});
