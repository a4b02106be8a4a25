import { type Journal, type JournalEntry, JournalError } from '@canza/core';
import { testEntry } from './entries.ts';

export const CRASH_KIND = 'crash';

/** What each write of a run was told: `acknowledged`, or what the error said. */
export interface CrashLog {
  /** The highest acknowledged version of each id. */
  readonly acknowledged: ReadonlyMap<string, number>;
  /** Versions whose write surely did not happen, says the error. */
  readonly refused: ReadonlyMap<string, number>;
  /** Versions whose write may have happened. */
  readonly unknown: ReadonlyMap<string, number>;
  /** Errors that are no JournalError. */
  readonly foreign: readonly unknown[];
}

const entryAt = (id: string, version: number): JournalEntry =>
  testEntry({
    kind: CRASH_KIND,
    id,
    version,
    state: version === 1 ? 'created' : 'sending',
    dueAtMs: 1_000,
    references: [`ours:${id}`, `theirs:${id}:${version}`],
    tags: ['phone:a'],
    updatedAtMs: 1_000 + version,
    body: { id, version, detail: 'x'.repeat(500) },
  });

/**
 * Writes `writes` versions, five to an entry, from 32 writers at once, and calls `atHalf` in the middle. A writer whose write
 * fails goes on with the next entry.
 */
export async function writeThroughCrash(journal: Journal, writes: number, atHalf: () => void): Promise<CrashLog> {
  const acknowledged = new Map<string, number>();
  const refused = new Map<string, number>();
  const unknown = new Map<string, number>();
  const foreign: unknown[] = [];
  let entries = 0;
  let answered = 0;
  const writeOne = async (id: string): Promise<void> => {
    for (let version = 1; version <= 5; version++) {
      try {
        const entry = entryAt(id, version);
        // The next version follows the one before.
        // oxlint-disable-next-line no-await-in-loop
        if (version === 1) await journal.insert(entry, 'accepted');
        // oxlint-disable-next-line no-await-in-loop
        else await journal.replace(entry, 'moved');
        acknowledged.set(id, version);
      } catch (error) {
        if (!(error instanceof JournalError)) foreign.push(error);
        else (error.moneyMoved === 'no' ? refused : unknown).set(id, version);
        return;
      } finally {
        answered += 1;
        if (answered === writes / 2) atHalf();
      }
    }
  };
  const writer = async (): Promise<void> => {
    // oxlint-disable-next-line no-await-in-loop
    while (entries < writes / 5) await writeOne(`tx-${entries++}`);
  };
  await Promise.all(Array.from({ length: 32 }, writer));
  return { acknowledged, refused, unknown, foreign };
}

/** Where the store disagrees with what was said, as sentences; empty when it kept its word. */
export async function brokenPromises(journal: Journal, log: CrashLog): Promise<string[]> {
  const broken: string[] = [];
  const ids = new Set([...log.acknowledged.keys(), ...log.refused.keys(), ...log.unknown.keys()]);
  for (const id of ids) {
    // oxlint-disable-next-line no-await-in-loop
    const [standing, history] = await Promise.all([journal.read(CRASH_KIND, id), journal.history(CRASH_KIND, id)]);
    const version = standing?.version ?? 0;
    const acknowledged = log.acknowledged.get(id) ?? 0;
    const refused = log.refused.get(id);
    if (version < acknowledged) broken.push(`${id}: version ${acknowledged} was acknowledged, ${version} is there`);
    if (refused !== undefined && version >= refused) broken.push(`${id}: version ${refused} was refused, and is there`);
    if (history.length !== version) broken.push(`${id}: ${history.length} lines of history at version ${version}`);
    if (version === 0) continue;
    // oxlint-disable-next-line no-await-in-loop
    const found = await journal.findByReference(CRASH_KIND, `theirs:${id}:${version}`);
    if (found?.id !== id) broken.push(`${id}: its reference is gone`);
  }
  return broken;
}
