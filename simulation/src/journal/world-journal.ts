import {
  type Claim,
  type ClaimRequest,
  type Clock,
  createMemoryJournal,
  type Journal,
  type JournalEntry,
  type LostWrite,
  type MemoryJournal,
} from '@canza/core';

/** The journal of a world, as it is behind all faults of the way to it. */
export interface WorldJournal {
  readonly journal: Journal;
  /** How often another server has taken over. */
  readonly epoch: () => number;
  /** Reads without any fault, and whatever server it is by now. */
  entries(kind: string): Promise<readonly JournalEntry[]>;
  /** Another server takes over, and what was written in the last `lossMs` is gone. Returns what that was. */
  failOver(lossMs: number): readonly LostWrite[];
  /** What a person says who has compared the journal with the operators' books. */
  reconciled(): Promise<void>;
}

export interface WorldJournalOptions {
  readonly clock: Clock;
  /** Told of what a journal must never do. */
  readonly onDefect: (sentence: string) => void;
  /** Told of every write that took effect. */
  readonly onWrite: (entry: JournalEntry, note: string) => void;
  /** Whether everything is to be kept that a failover is made of. */
  readonly mayFailOver: boolean;
}

interface Change {
  readonly atMs: number;
  readonly redo: (journal: MemoryJournal) => void;
  readonly entry: JournalEntry | undefined;
}

export function createWorldJournal({ clock, onWrite, onDefect, mayFailOver }: WorldJournalOptions): WorldJournal {
  /** Its safety is what bridges were given, so it stays when the server does not. */
  const first = createMemoryJournal();
  let server = first;
  let changes: Change[] = [];
  let epoch = 0;

  const leases = new LeaseWatch(onDefect);

  const keep = (redo: Change['redo'], entry?: JournalEntry): void => {
    if (mayFailOver) changes.push({ atMs: clock.monotonicMs(), redo, entry });
  };

  const journal: Journal = {
    async insert(entry, note, options) {
      const result = await server.insert(entry, note, options);
      if (result.outcome === 'written') {
        keep((other) => void other.insert(entry, note), entry);
        onWrite(entry, note);
      }
      return result;
    },
    async replace(entry, note, options) {
      const result = await server.replace(entry, note, options);
      if (result.outcome === 'written') {
        const { fence, keepLease } = options ?? {};
        leases.written(entry, fence, keepLease === true);
        const hold = { ...(fence === undefined ? {} : { fence }), ...(keepLease === undefined ? {} : { keepLease }) };
        keep((other) => void other.replace(entry, note, hold), entry);
        onWrite(entry, note);
      }
      return result;
    },
    async claimDue(request, options) {
      const claims = await server.claimDue(request, options);
      leases.claimed(claims, request);
      if (claims.length > 0) keep((other) => void other.claimDue(request));
      return claims;
    },
    async release(kind, id, fence, options) {
      await server.release(kind, id, fence, options);
      leases.released(id, fence);
      keep((other) => void other.release(kind, id, fence));
    },
    read: async (kind, id, options) => server.read(kind, id, options),
    findByReference: async (kind, reference, options) => server.findByReference(kind, reference, options),
    list: async (request, options) => server.list(request, options),
    history: async (kind, id, options) => server.history(kind, id, options),
    archive: async (request, options) => server.archive(request, options),
    forget: async (kind, ids, options) => server.forget(kind, ids, options),
    safety: first.safety,
  };

  return {
    journal,
    epoch: () => epoch,
    async entries(kind) {
      const { entries } = await server.list({ kind, limit: 1000 });
      return entries;
    },
    failOver(lossMs) {
      const untilMs = clock.monotonicMs() - lossMs;
      const kept = changes.filter(({ atMs }) => atMs < untilMs);
      const lost = changes.slice(kept.length).flatMap(({ entry }) => (entry === undefined ? [] : [entry]));
      server = createMemoryJournal();
      epoch += 1;
      leases.forget();
      // Each change of a journal in memory takes effect before its call returns.
      for (const { redo } of kept) redo(server);
      changes = kept;
      const writes = lost.map(({ kind, id, version }) => ({ kind, id, version }));
      first.suspect(clock.nowMs(), 'A replica was promoted.', writes);
      return writes;
    },
    reconciled: async () => first.safety.reconciled('Somebody compared it with the books.'),
  };
}

/** Who holds which entry: nobody else is given it meanwhile, and nobody writes under a lease that was lost. */
class LeaseWatch {
  readonly #leases = new Map<string, { readonly fence: number; readonly untilMs: number }>();
  readonly #onDefect: (sentence: string) => void;

  constructor(onDefect: (sentence: string) => void) {
    this.#onDefect = onDefect;
  }

  claimed(claims: readonly Claim[], { nowMs, leaseMs }: ClaimRequest): void {
    for (const { entry, fence } of claims) {
      const held = this.#leases.get(entry.id);
      if (held !== undefined && held.untilMs > nowMs) this.#onDefect(`${entry.id} is given to two at a time`);
      if (held !== undefined && held.fence >= fence) this.#onDefect(`${entry.id} has a fence that did not grow`);
      this.#leases.set(entry.id, { fence, untilMs: nowMs + leaseMs });
    }
  }

  written({ id }: JournalEntry, fence: number | undefined, keepsLease: boolean): void {
    const held = this.#leases.get(id);
    if (fence === undefined || held === undefined) return;
    if (held.fence !== fence) this.#onDefect(`${id} was written under a lease that was lost`);
    if (!keepsLease) this.#leases.set(id, { fence, untilMs: -Infinity });
  }

  released(id: string, fence: number): void {
    const held = this.#leases.get(id);
    if (held?.fence === fence) this.#leases.set(id, { fence, untilMs: -Infinity });
  }

  forget(): void {
    this.#leases.clear();
  }
}
