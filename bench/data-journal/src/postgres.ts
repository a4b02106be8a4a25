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
import { paymentEntry, race, report } from './race.ts';

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
  const versions = new Map<number, number>();
  const rates = await race([
    {
      name: 'an update of one row',
      async change(lane) {
        const { id, version, body } = paymentEntry(lane, 1);
        const text =
          'INSERT INTO bare VALUES ($1, $2, $3) ON CONFLICT (id) DO UPDATE SET version = bare.version + 1, body = excluded.body';
        await pool.query({ name: 'bare', text, values: [id, version, JSON.stringify(body)] });
      },
    },
    {
      name: 'the journal',
      async change(lane) {
        const version = (versions.get(lane) ?? 0) + 1;
        versions.set(lane, version);
        const entry = paymentEntry(lane, version);
        const { outcome } =
          version === 1 ? await journal.insert(entry, 'accepted') : await journal.replace(entry, 'asked: pending');
        if (outcome !== 'written') throw new Error(outcome);
      },
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
