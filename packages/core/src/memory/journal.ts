import type { CallOptions } from '../environment.ts';
import { JournalError } from '../errors/state.ts';
import type {
  ArchiveRequest,
  Claim,
  ClaimRequest,
  HistoryLine,
  InsertResult,
  Journal,
  JournalEntry,
  ListPage,
  ListRequest,
  ReplaceOptions,
  ReplaceResult,
} from '../journal.ts';
import { checkFirstVersion, checkJournalEntry } from '../journal-entry.ts';
import { type JournalSafety, type LostWrite, SafetyWatch } from '../journal-safety.ts';
import { DueIndex } from './due-index.ts';

interface Stored {
  entry: JournalEntry;
  readonly history: HistoryLine[];
  lease: { readonly fence: number; readonly untilMs: number } | undefined;
  fence: number;
  archived: boolean;
}

/** A journal in memory, and ways to look into it that only this one has. */
export interface MemoryJournal extends Journal {
  /** How many entries it holds. */
  readonly size: number;
  readonly safety: JournalSafety;
  /** Plays the failover that a journal on a server may suffer. */
  suspect(sinceMs: number, why: string, lost?: readonly LostWrite[]): void;
}

/**
 * A journal for tests, examples and the simulation: the whole contract, and nothing survives the process.
 * Several bridges may share one, as several processes share a server.
 */
export function createMemoryJournal(): MemoryJournal {
  const families = new Map<string, Family>();
  const watch = new SafetyWatch();
  const familyOf = (kind: string, options: CallOptions = {}): Family => {
    if (options.signal?.aborted === true) throw new JournalError('The call was called off.', 'no');
    let family = families.get(kind);
    if (family === undefined) families.set(kind, (family = new Family()));
    return family;
  };
  return {
    get size() {
      let total = 0;
      for (const family of families.values()) total += family.size;
      return total;
    },
    insert: async (entry, note, options) => familyOf(entry.kind, options).insert(entry, note),
    replace: async (entry, note, options) => familyOf(entry.kind, options).replace(entry, note, options),
    read: async (kind, id, options) => familyOf(kind, options).read(id),
    findByReference: async (kind, reference, options) => familyOf(kind, options).findByReference(reference),
    claimDue: async (request, options) => familyOf(request.kind, options).claimDue(request),
    release: async (kind, id, fence, options) => familyOf(kind, options).release(id, fence),
    list: async (request, options) => familyOf(request.kind, options).list(request),
    history: async (kind, id, options) => familyOf(kind, options).history(id),
    archive: async (request, options) => familyOf(request.kind, options).archive(request),
    forget: async (kind, ids, options) => familyOf(kind, options).forget(ids),
    safety: {
      get state() {
        return watch.state;
      },
      onChange: (listener) => watch.onChange(listener),
      reconciled: async () => watch.sound(),
    },
    suspect: (sinceMs, why, lost = []) => watch.suspect(sinceMs, why, lost),
  };
}

/** All entries of one kind, and their indices. Each method is one step, so each change is atomic. */
class Family {
  readonly #stored = new Map<string, Stored>();
  readonly #references = new Map<string, string>();
  readonly #due = new DueIndex();
  #fences = 0;

  get size(): number {
    return this.#stored.size;
  }

  insert(entry: JournalEntry, note: string): InsertResult {
    checkFirstVersion(entry);
    const present = this.#stored.get(entry.id);
    if (present !== undefined) return { outcome: 'exists', entry: present.entry };
    const taken = this.#takenReference(entry);
    if (taken !== undefined) return { outcome: 'reference-taken', reference: taken };
    this.#stored.set(entry.id, {
      entry: freeze(entry),
      history: [lineOf(entry, note)],
      lease: undefined,
      fence: 0,
      archived: false,
    });
    this.#index(entry);
    return { outcome: 'written' };
  }

  replace(entry: JournalEntry, note: string, options: ReplaceOptions = {}): ReplaceResult {
    checkJournalEntry(entry);
    const stored = this.#stored.get(entry.id);
    if (stored === undefined) return { outcome: 'conflict', entry: undefined };
    if (options.fence !== undefined && options.fence !== stored.fence) return { outcome: 'fenced' };
    if (stored.entry.version !== entry.version - 1) return { outcome: 'conflict', entry: stored.entry };
    const taken = this.#takenReference(entry);
    if (taken !== undefined) return { outcome: 'reference-taken', reference: taken };
    stored.entry = freeze(entry);
    stored.archived = false;
    stored.history.push(lineOf(entry, note));
    if (options.fence !== undefined && options.keepLease !== true) stored.lease = undefined;
    this.#index(entry);
    return { outcome: 'written' };
  }

  read(id: string): JournalEntry | undefined {
    return this.#stored.get(id)?.entry;
  }

  findByReference(reference: string): JournalEntry | undefined {
    const id = this.#references.get(reference);
    return id === undefined ? undefined : this.read(id);
  }

  claimDue({ nowMs, leaseMs, limit }: ClaimRequest): readonly Claim[] {
    const claims: Claim[] = [];
    for (const id of this.#due.upTo(nowMs)) {
      if (claims.length >= limit) break;
      const stored = this.#stored.get(id);
      if (stored === undefined || (stored.lease !== undefined && stored.lease.untilMs > nowMs)) continue;
      this.#fences += 1;
      stored.fence = this.#fences;
      stored.lease = { fence: stored.fence, untilMs: nowMs + leaseMs };
      claims.push({ entry: stored.entry, fence: stored.fence });
    }
    return claims;
  }

  release(id: string, fence: number): void {
    const stored = this.#stored.get(id);
    if (stored?.lease?.fence === fence) stored.lease = undefined;
  }

  list({ state, tag, createdFromMs, createdBeforeMs, archived = false, limit, cursor }: ListRequest): ListPage {
    const matches = [...this.#stored.values()]
      .filter((stored) => stored.archived === archived)
      .map(({ entry }) => entry)
      .filter(
        (entry) =>
          (state === undefined || entry.state === state) &&
          (tag === undefined || entry.tags.includes(tag)) &&
          (createdFromMs === undefined || entry.createdAtMs >= createdFromMs) &&
          (createdBeforeMs === undefined || entry.createdAtMs < createdBeforeMs) &&
          (cursor === undefined || listKey(entry) > cursor),
      )
      .toSorted((left, right) => (listKey(left) < listKey(right) ? -1 : 1));
    const entries = matches.slice(0, limit);
    const last = entries.at(-1);
    return matches.length > limit && last !== undefined ? { entries, cursor: listKey(last) } : { entries };
  }

  history(id: string): readonly HistoryLine[] {
    return [...(this.#stored.get(id)?.history ?? [])];
  }

  archive({ states, updatedBeforeMs, limit }: ArchiveRequest): number {
    let moved = 0;
    for (const stored of this.#stored.values()) {
      if (moved >= limit) break;
      const { entry, archived } = stored;
      if (archived || entry.dueAtMs !== null || entry.updatedAtMs >= updatedBeforeMs) continue;
      if (!states.includes(entry.state)) continue;
      stored.archived = true;
      moved += 1;
    }
    return moved;
  }

  forget(ids: readonly string[]): number {
    let deleted = 0;
    for (const id of ids) {
      if (this.#stored.get(id)?.archived !== true) continue;
      this.#stored.delete(id);
      for (const [reference, owner] of this.#references) if (owner === id) this.#references.delete(reference);
      deleted += 1;
    }
    return deleted;
  }

  #takenReference(entry: JournalEntry): string | undefined {
    return entry.references.find((reference) => (this.#references.get(reference) ?? entry.id) !== entry.id);
  }

  #index(entry: JournalEntry): void {
    for (const reference of entry.references) this.#references.set(reference, entry.id);
    this.#due.move(entry.id, entry.dueAtMs);
  }
}

const lineOf = ({ version, updatedAtMs, state }: JournalEntry, note: string): HistoryLine => ({
  version,
  atMs: updatedAtMs,
  state,
  note,
});

/** Sorts as text in the order of creation, then id. */
const listKey = ({ createdAtMs, id }: JournalEntry): string => `${String(createdAtMs).padStart(16, '0')}:${id}`;

/** An entry that was handed over is never modified, by either side. */
function freeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  for (const part of Object.values(value)) freeze(part);
  return Object.freeze(value);
}
