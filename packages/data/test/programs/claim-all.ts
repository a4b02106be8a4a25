/**
 * A process that claims what is due until nothing is left, and moves each entry to rest under its fence. Prints the ids that it
 * moved and those in which it was refused: `claim-all.ts postgres|redis <url> <kind> <owner>`.
 */
import type { Journal } from '@canza/core';
import { openJournal } from './open-journal.ts';

const [, , store = '', url = '', kind = '', owner = ''] = process.argv;

async function claimAll(journal: Journal): Promise<{ moved: string[]; refused: string[] }> {
  const moved: string[] = [];
  const refused: string[] = [];
  for (;;) {
    // oxlint-disable-next-line no-await-in-loop
    const claims = await journal.claimDue({ kind, owner, nowMs: Date.now(), leaseMs: 60_000, limit: 100 });
    if (claims.length === 0) return { moved, refused };
    // oxlint-disable-next-line no-await-in-loop
    await Promise.all(
      claims.map(async ({ entry, fence }) => {
        const done = { ...entry, version: entry.version + 1, state: 'done', dueAtMs: null };
        const { outcome } = await journal.replace(done, owner, { fence });
        (outcome === 'written' ? moved : refused).push(entry.id);
      }),
    );
  }
}

const { journal, close } = await openJournal(store, url);
process.stdout.write(`${JSON.stringify(await claimAll(journal))}\n`);
await close();
