import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { freePort } from '../../../../tools/free-port.ts';

export const lacksRedisServer = spawnSync('redis-server', ['--version']).status !== 0;

/** A Redis that one test has for itself, with settings of its own. */
export interface OwnRedis {
  readonly url: string;
  stop(): Promise<void>;
}

export async function startOwnRedis(settings: Readonly<Record<string, string>>): Promise<OwnRedis> {
  const folder = mkdtempSync(join(tmpdir(), 'canza-redis-'));
  const port = await freePort();
  const options = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);
  const base = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', ''];
  const server = spawn('redis-server', [...base, ...options], { stdio: ['ignore', 'pipe', 'ignore'] });
  await readyToAccept(server);
  return {
    url: `redis://127.0.0.1:${port}`,
    async stop() {
      const ended = new Promise((resolve) => server.once('exit', resolve));
      server.kill('SIGKILL');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const readyToAccept = (server: ChildProcess): Promise<void> =>
  new Promise((resolve, reject) => {
    let output = '';
    server.stdout?.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      if (output.includes('Ready to accept connections')) resolve();
    });
    server.once('exit', () => reject(new Error(`Redis did not start:\n${output}`)));
  });
