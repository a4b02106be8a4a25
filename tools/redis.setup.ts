import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { freePort } from './free-port.ts';
import { goWithout } from './go-without.ts';

const START_TIMEOUT_MS = 10_000;

/** Provides `redisUrl`: the server of REDIS_URL, else one started for this run, else null. */
export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const given = process.env['REDIS_URL'];
  if (given) {
    project.provide('redisUrl', given);
    return undefined;
  }
  const program = onPath('redis-server') ?? onPath('valkey-server');
  if (program === undefined) {
    project.provide('redisUrl', goWithout('Redis', 'no REDIS_URL, and no redis-server or valkey-server on PATH'));
    return undefined;
  }
  const port = await freePort();
  const options = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
  const server = spawn(program, options, { stdio: ['ignore', 'pipe', 'pipe'] });
  // Also when the run ends without its teardown.
  process.once('exit', () => server.kill());
  await ready(server);
  project.provide('redisUrl', `redis://127.0.0.1:${port}`);
  return () => stop(server);
}

function onPath(name: string): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  return folders.map((folder) => join(folder, name)).find((file) => existsSync(file));
}

function ready(server: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let output = '';
    const give = (error?: Error): void => {
      clearTimeout(timer);
      if (error === undefined) resolve();
      else {
        server.kill('SIGKILL');
        reject(error);
      }
    };
    const timer = setTimeout(() => give(new Error(`Redis did not start:\n${output}`)), START_TIMEOUT_MS);
    const read = (chunk: Buffer): void => {
      output += chunk.toString();
      if (output.includes('Ready to accept connections')) give();
    };
    server.stdout?.on('data', read);
    server.stderr?.on('data', read);
    server.once('error', give);
    server.once('exit', (code) => give(new Error(`Redis ended with ${code}:\n${output}`)));
  });
}

function stop(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    server.once('exit', () => {
      resolve();
    });
    server.kill('SIGTERM');
  });
}
