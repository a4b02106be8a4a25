/** State changes at concurrency 64 on a PostgreSQL of this machine that syncs every commit. Needs a build. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { openPostgresJournal } from '@canza/data/postgres';
import pg from 'pg';
import { freePort } from '../../../tools/free-port.ts';
import { nextEntries, race, report, writeTo } from './race.ts';

const program = fileURLToPath(new URL('../../../tools/postgres-server.ts', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'canza-bench-'));
const server = spawn(process.execPath, [program, folder, String(await freePort())], {
  stdio: ['pipe', 'pipe', 'inherit'],
});
const [said] = (await once(createInterface({ input: server.stdout }), 'line')) as [string];
const url = said.slice('ready '.length);
const pool = new pg.Pool({ connectionString: url, max: 10 });
const journal = await openPostgresJournal({ url });
try {
  await pool.query('CREATE TABLE bare (id text PRIMARY KEY, version integer NOT NULL, body jsonb NOT NULL)');
  const [bare, entries] = [nextEntries(), nextEntries()];
  const rates = await race([
    {
      name: 'an update of one row',
      async change(lane) {
        const { id, version, body } = bare(lane);
        const text =
          'INSERT INTO bare VALUES ($1, $2, $3) ON CONFLICT (id) DO UPDATE SET version = bare.version + 1, body = excluded.body';
        await pool.query({ name: 'bare', text, values: [id, version, JSON.stringify(body)] });
      },
    },
    {
      name: 'the journal',
      change: (lane) => writeTo(journal, entries(lane)),
    },
  ]);
  report(rates, 'the journal', 'an update of one row');
} finally {
  await journal.close();
  await pool.end();
  const ended = once(server, 'exit');
  server.stdin.end();
  await ended;
  rmSync(folder, { recursive: true, force: true });
}
