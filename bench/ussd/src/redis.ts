/** The same six screens with sessions on a Redis of this machine, 32 hops under way. Needs redis-server, and a build. */

import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { openRedis } from '@canza/data/redis';
import { createRedisKeyValueStore } from '@canza/data/stores';
import { freePort } from '../../../tools/free-port.ts';
import type { Contestant } from './contestant.ts';
import { handWrittenOnRedis } from './hand-written-on-redis.ts';
import { oursOver } from './ours.ts';
import { race, report, runHeat } from './race.ts';

const HAND_WRITTEN = 'hand-written script';
const CONTESTANTS: Readonly<Record<string, (url: string) => Promise<Contestant & { close(): Promise<unknown> }>>> = {
  [HAND_WRITTEN]: handWrittenOnRedis,
  'our handler': (url) => oursOnRedis(url, 'our handler', false),
  'our handler, numbers remembered': (url) => oursOnRedis(url, 'our handler, numbers remembered', true),
};

async function oursOnRedis(url: string, name: string, remember: boolean) {
  const connection = await openRedis({ server: { url } });
  return {
    ...oursOver(createRedisKeyValueStore({ connection, namespace: `bench-${process.pid}` }), name, remember),
    close: () => connection.close(),
  };
}

const [, , chosen, url] = process.argv;
if (chosen !== undefined && url !== undefined) {
  const contestant = await CONTESTANTS[chosen]?.(url);
  if (contestant === undefined) throw new Error(`There is no contestant "${chosen}".`);
  console.log(JSON.stringify(await runHeat(contestant, { people: 500, rounds: 20, concurrency: 32 })));
  await contestant.close();
} else {
  const port = await freePort();
  const options = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
  const server = spawn('redis-server', options, { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    for await (const chunk of server.stdout) if (String(chunk).includes('Ready to accept connections')) break;
    const program = fileURLToPath(import.meta.url);
    const costs = race(program, Object.keys(CONTESTANTS), 5, `redis://127.0.0.1:${port}`);
    report('Sessions on Redis, 32 hops under way', costs, [HAND_WRITTEN]);
  } finally {
    server.kill();
  }
}
