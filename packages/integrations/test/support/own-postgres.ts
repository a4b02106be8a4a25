import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import { freePort } from '../../../../tools/free-port.ts';

const PROGRAM = fileURLToPath(new URL('../../../../tools/postgres-server.ts', import.meta.url));

/** A PostgreSQL that syncs to the disk, as a server in earnest does; the one that test runs share does not. */
export interface OwnPostgres {
  readonly url: string;
  stop(): Promise<void>;
}

export async function startOwnPostgres(): Promise<OwnPostgres> {
  const folder = mkdtempSync(join(tmpdir(), 'canza-postgres-'));
  const server = spawn(process.execPath, [PROGRAM, folder, String(await freePort())], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = once(server, 'exit');
  const [said = ''] = (await once(createInterface({ input: server.stdout }), 'line')) as string[];
  if (!said.startsWith('ready ')) throw new Error(`PostgreSQL ${said}`);
  return {
    url: said.slice('ready '.length),
    async stop() {
      server.stdin.end();
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
