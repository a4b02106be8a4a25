/** State changes at concurrency 64 on Redis servers of this machine. Needs redis-server on the path, and a build. */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRedisJournal, type RedisJournalOptions } from '@canza/data/journal';
import { openRedis } from '@canza/data/redis';
import { Redis } from 'ioredis';
import { freePort } from '../../../tools/free-port.ts';
import { bareScript } from './bare-script.ts';
import { type Contestant, nextEntries, race, report, writeTo } from './race.ts';

const folder = mkdtempSync(join(tmpdir(), 'canza-bench-'));
const servers: ChildProcess[] = [];
const closing: (() => Promise<unknown>)[] = [];

async function startServer(...options: string[]): Promise<number> {
  const port = await freePort();
  const own = [
    '--port',
    String(port),
    '--bind',
    '127.0.0.1',
    '--save',
    '',
    '--dir',
    mkdtempSync(join(folder, 'data-')),
  ];
  const server = spawn('redis-server', [...own, '--appendonly', 'yes', ...options], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  servers.push(server);
  for await (const chunk of server.stdout) if (String(chunk).includes('Ready to accept connections')) break;
  return port;
}

async function journalOn(name: string, port: number, options: Partial<RedisJournalOptions> = {}): Promise<Contestant> {
  const connection = await openRedis({ server: { url: `redis://127.0.0.1:${port}` } });
  const journal = createRedisJournal({ connection, namespace: name.replaceAll(/\W+/g, '-'), ...options });
  closing.push(async () => {
    await journal.close();
    await connection.close();
  });
  const next = nextEntries();
  const beforeSend = options.beforeSend !== undefined;
  return { name, change: (lane) => writeTo(journal, next(lane), { beforeSend }) };
}

try {
  const everysec = await startServer('--appendfsync', 'everysec');
  const always = await startServer('--appendfsync', 'always');
  const master = await startServer('--appendfsync', 'everysec');
  const replica = await startServer('--appendfsync', 'everysec', '--replicaof', `127.0.0.1 ${master}`);
  const client = new Redis(everysec);
  closing.push(() => client.quit());
  const follower = new Redis(replica);
  closing.push(() => follower.quit());
  while (!(await follower.info('replication')).includes('master_link_status:up')) {
    await new Promise((resolve) => void setTimeout(resolve, 50));
  }

  const rates = await race([
    await bareScript('the bare script', client),
    await journalOn('the journal', everysec),
    await journalOn('the journal, appendfsync always', always),
    await journalOn('the journal with a replica', master),
    await journalOn('the journal that waits for the replica', master, { beforeSend: { replicas: 1 } }),
  ]);
  report(rates, 'the journal', 'the bare script', 0.75);
  report(rates, 'the journal, appendfsync always', 'the journal', 0.5);
  report(rates, 'the journal that waits for the replica', 'the journal with a replica', 0.35);
} finally {
  await Promise.allSettled(closing.map((close) => close()));
  const ended = servers.filter(({ exitCode }) => exitCode === null).map((server) => once(server, 'exit'));
  for (const server of servers) server.kill('SIGKILL');
  await Promise.all(ended);
  rmSync(folder, { recursive: true, force: true });
}
