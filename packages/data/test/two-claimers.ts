import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Journal, JournalEntry } from '@canza/core';
import { testEntry } from './entries.ts';

const run = promisify(execFile);
const program = (name: string): string => fileURLToPath(new URL(`programs/${name}`, import.meta.url));

/**
 * Inserts `count` due entries, lets an owner claim some under a lease that runs out at once, then lets two processes claim all,
 * and at last lets the late owner write. Resolves with what went wrong, as sentences.
 */
export async function raceTwoClaimers(journal: Journal, store: string, url: string, count: number): Promise<string[]> {
  const kind = `claimers-${process.pid}-${store}`;
  const ids = Array.from({ length: count }, (_, index) => `tx-${index}`);
  for (let from = 0; from < count; from += 200) {
    // oxlint-disable-next-line no-await-in-loop
    await Promise.all(ids.slice(from, from + 200).map((id) => journal.insert(dueEntry(kind, id), 'accepted')));
  }
  const late = await journal.claimDue({ kind, owner: 'late', nowMs: 2_000, leaseMs: 1, limit: 100 });
  const claimer = async (owner: string): Promise<string[]> => {
    const { stdout } = await run(
      process.execPath,
      ['--import', program('sources.ts'), program('claim-all.ts'), store, url, kind, owner],
      { maxBuffer: 1 << 24 },
    );
    const { moved, refused } = JSON.parse(stdout) as { moved: string[]; refused: string[] };
    if (refused.length > 0) throw new Error(`${owner} was refused in ${refused.length} entries that it had claimed`);
    return moved;
  };
  const moved = await Promise.all([claimer('one'), claimer('two')]);
  const lateWrites = await Promise.all(
    late.map(({ entry, fence }) => journal.replace({ ...entry, version: entry.version + 1 }, 'late', { fence })),
  );
  const all = moved.flat();
  const written = lateWrites.filter(({ outcome }) => outcome !== 'fenced').length;
  return [
    ...(all.length === count ? [] : [`${all.length} entries were moved instead of ${count}`]),
    ...(new Set(all).size === all.length ? [] : ['some entries were claimed by both']),
    ...(moved.every((share) => share.length > 0) ? [] : ['one process had nothing to do']),
    ...(late.length === 100 && written === 0 ? [] : [`${written} of ${late.length} late writes were not refused`]),
  ];
}

const dueEntry = (kind: string, id: string): JournalEntry =>
  testEntry({ kind, id, state: 'pending', dueAtMs: 1_000, references: [id], body: { id } });
