import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';
import { goWithout } from './go-without.ts';

const START_TIMEOUT_MS = 30_000;

/** Provides `postgresUrl`: the server of POSTGRES_URL, else a real PostgreSQL started for this run, else null. */
export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const given = process.env['POSTGRES_URL'];
  if (given) {
    project.provide('postgresUrl', given);
    return undefined;
  }
  const program = fileURLToPath(new URL('postgres-server.ts', import.meta.url));
  const server = spawn(process.execPath, [program], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = once(server, 'exit');
  const lines = createInterface({ input: server.stdout });
  const timer = setTimeout(() => server.kill('SIGKILL'), START_TIMEOUT_MS);
  const [said = 'failed it ended without a word'] = await Promise.race([
    once(lines, 'line') as Promise<string[]>,
    once(lines, 'close') as Promise<string[]>,
  ]);
  clearTimeout(timer);
  if (!said.startsWith('ready ')) {
    project.provide('postgresUrl', goWithout('PostgreSQL', `it did not start: ${said.replace(/^failed /, '')}`));
    return undefined;
  }
  project.provide('postgresUrl', said.slice('ready '.length));
  return async () => {
    server.stdin.end();
    await ended;
  };
}
