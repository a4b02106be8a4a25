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
import { keepAsJson } from './keep-json.ts';

interface Stored {
  entry: JournalEntry;
  readonly history: HistoryLine[];
  /** Every reference it ever had. */
  references: readonly string[];
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
  /** What nobody has a lease on, by the time at which it falls due. */
  readonly #due = new DueIndex();
  /** What would be due but for a lease, by the time at which that ends. */
  readonly #leased = new DueIndex();
  /** In the order of listing; made anew when an entry came that does not belong at its end. */
  #listed: Stored[] | undefined = [];
  #fences = 0;

  get size(): number {
    return this.#stored.size;
  }

  insert(entry: JournalEntry, note: string): InsertResult {
    checkFirstVersion(entry);
    const present = this.#stored.get(entry.id);
    if (present !== undefined) return { outcome: 'exists', entry: present.entry };
    const taken = this.#takenReference(entry, NONE);
    if (taken !== undefined) return { outcome: 'reference-taken', reference: taken };
    const stored: Stored = {
      entry: keepAsJson(entry),
      history: [lineOf(entry, note)],
      references: NONE,
      lease: undefined,
      fence: 0,
      archived: false,
    };
    this.#stored.set(entry.id, stored);
    this.#index(stored);
    const last = this.#listed?.at(-1);
    if (last === undefined || inOrder(last.entry, entry) < 0) this.#listed?.push(stored);
    else this.#listed = undefined;
    return { outcome: 'written' };
  }

  replace(entry: JournalEntry, note: string, options: ReplaceOptions = {}): ReplaceResult {
    checkJournalEntry(entry);
    const stored = this.#stored.get(entry.id);
    if (stored === undefined) return { outcome: 'conflict', entry: undefined };
    if (options.fence !== undefined && options.fence !== stored.fence) return { outcome: 'fenced' };
    if (stored.entry.version !== entry.version - 1) return { outcome: 'conflict', entry: stored.entry };
    const taken = this.#takenReference(entry, stored.references);
    if (taken !== undefined) return { outcome: 'reference-taken', reference: taken };
    if (entry.createdAtMs !== stored.entry.createdAtMs) this.#listed = undefined;
    stored.entry = keepAsJson(entry);
    stored.archived = false;
    stored.history.push(lineOf(entry, note));
    if (options.fence !== undefined && options.keepLease !== true) stored.lease = undefined;
    this.#index(stored);
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
    for (let id = this.#leased.take(nowMs); id !== undefined; id = this.#leased.take(nowMs)) {
      this.#due.move(id, this.#stored.get(id)?.entry.dueAtMs ?? null);
    }
    const claims: Claim[] = [];
    while (claims.length < limit) {
      const id = this.#due.take(nowMs);
      const stored = id === undefined ? undefined : this.#stored.get(id);
      if (stored === undefined) break;
      // By the clock of this claimer the lease may go on, though it had ended by another's.
      if (stored.lease === undefined || stored.lease.untilMs <= nowMs) {
        this.#fences += 1;
        stored.fence = this.#fences;
        stored.lease = { fence: stored.fence, untilMs: nowMs + leaseMs };
        claims.push({ entry: stored.entry, fence: stored.fence });
      }
      this.#leased.move(stored.entry.id, stored.lease.untilMs);
    }
    return claims;
  }

  release(id: string, fence: number): void {
    const stored = this.#stored.get(id);
    if (stored?.lease?.fence !== fence) return;
    stored.lease = undefined;
    this.#index(stored);
  }

  list({ state, tag, createdFromMs, createdBeforeMs, archived = false, limit, cursor }: ListRequest): ListPage {
    const listed = (this.#listed ??= [...this.#stored.values()].toSorted((left, right) =>
      inOrder(left.entry, right.entry),
    ));
    const start = cursor === undefined ? { createdAtMs: createdFromMs ?? 0, id: '' } : placeOf(cursor);
    const entries: JournalEntry[] = [];
    for (let at = firstAfter(listed, start), last: Place = start; at < listed.length; at++) {
      const { entry, archived: isArchived } = listed[at] as Stored;
      if (createdBeforeMs !== undefined && entry.createdAtMs >= createdBeforeMs) break;
      if (isArchived !== archived || (state !== undefined && entry.state !== state)) continue;
      if (tag !== undefined && !entry.tags.includes(tag)) continue;
      if (createdFromMs !== undefined && entry.createdAtMs < createdFromMs) continue;
      if (entries.length === limit) return { entries, cursor: cursorOf(last) };
      entries.push(entry);
      last = entry;
    }
    return { entries };
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
      const stored = this.#stored.get(id);
      if (stored?.archived !== true) continue;
      this.#stored.delete(id);
      for (const reference of stored.references) this.#references.delete(reference);
      deleted += 1;
    }
    if (deleted > 0) this.#listed = undefined;
    return deleted;
  }

  /** A reference of the entry's that another entry has; those that it had before are its own. */
  #takenReference({ id, references }: JournalEntry, known: readonly string[]): string | undefined {
    for (const reference of references) {
      if (known.includes(reference)) continue;
      const owner = this.#references.get(reference);
      if (owner !== undefined && owner !== id) return reference;
    }
    return undefined;
  }

  #index(stored: Stored): void {
    const { entry, references: known, lease } = stored;
    const fresh = known.length === 0 ? entry.references : entry.references.filter((each) => !known.includes(each));
    for (const reference of fresh) this.#references.set(reference, entry.id);
    if (known.length === 0) stored.references = fresh;
    else if (fresh.length > 0) stored.references = [...known, ...fresh];
    const isLeased = lease !== undefined && entry.dueAtMs !== null;
    this.#due.move(entry.id, isLeased ? null : entry.dueAtMs);
    // What was never claimed is not among the leased.
    if (stored.fence > 0) this.#leased.move(entry.id, isLeased ? lease.untilMs : null);
  }
}

const NONE: readonly string[] = Object.freeze([]);

const lineOf = ({ version, updatedAtMs, state }: JournalEntry, note: string): HistoryLine => ({
  version,
  atMs: updatedAtMs,
  state,
  note,
});

/** Where an entry stands in a listing. */
type Place = Pick<JournalEntry, 'createdAtMs' | 'id'>;

/** The order of listing: creation, then id. */
const inOrder = (left: Place, right: Place): number =>
  left.createdAtMs - right.createdAtMs || (left.id < right.id ? -1 : left.id > right.id ? 1 : 0);

const cursorOf = ({ createdAtMs, id }: Place): string => `${createdAtMs}:${id}`;

const placeOf = (cursor: string): Place => {
  const colon = cursor.indexOf(':');
  return { createdAtMs: Number(cursor.slice(0, colon)), id: cursor.slice(colon + 1) };
};

/** Where the first entry behind a place stands. */
function firstAfter(listed: readonly Stored[], place: Place): number {
  let low = 0;
  let high = listed.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (inOrder((listed[middle] as Stored).entry, place) > 0) high = middle;
    else low = middle + 1;
  }
  return low;
}
