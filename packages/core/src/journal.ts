import type { CallOptions } from './environment.ts';
import type { JournalSafety } from './journal-safety.ts';

/**
 * The store of record, as a port. A journal knows nothing of payments: it keeps entries, and makes every change of one in a
 * single atomic step: compare the version, write the entry, append to its history, move its due time, index its references.
 *
 * Every method throws JournalError and nothing else: `moneyMoved: 'no'` where nothing can have been written, `maybe` where a
 * write may have taken effect.
 */
export interface Journal {
  /** Writes an entry of version 1 if its id is new. */
  insert(entry: JournalEntry, note: string, options?: InsertOptions): Promise<InsertResult>;
  /** Writes version n over version n − 1. */
  replace(entry: JournalEntry, note: string, options?: ReplaceOptions): Promise<ReplaceResult>;
  read(kind: string, id: string, options?: CallOptions): Promise<JournalEntry | undefined>;
  findByReference(kind: string, reference: string, options?: CallOptions): Promise<JournalEntry | undefined>;
  /**
   * Takes entries that are due and under nobody's lease, earliest first, and puts them under the owner's lease. Each claim has
   * a fence greater than every fence given out before for that entry.
   */
  claimDue(request: ClaimRequest, options?: CallOptions): Promise<readonly Claim[]>;
  /** Ends a lease early, if the fence is still the latest. Otherwise does nothing. */
  release(kind: string, id: string, fence: number, options?: CallOptions): Promise<void>;
  /** Entries in the order of their creation, then id; pages by cursor. */
  list(request: ListRequest, options?: CallOptions): Promise<ListPage>;
  /** All notes of an entry, oldest first. */
  history(kind: string, id: string, options?: CallOptions): Promise<readonly HistoryLine[]>;
  /**
   * Puts entries that are at rest into the archive: they leave `list`, and are still found by id and by reference, so that
   * their ids are never accepted twice. An entry that is written again leaves the archive.
   * Resolves with how many were moved: fewer than the limit when no more are left.
   */
  archive(request: ArchiveRequest, options?: CallOptions): Promise<number>;
  /**
   * Deletes archived entries for good, with their history and references, and passes over ids that are not in the archive.
   * Their ids are unknown from then on: one that comes again is a new entry, so keep them for as long as a caller may repeat one.
   * Resolves with how many were deleted.
   */
  forget(kind: string, ids: readonly string[], options?: CallOptions): Promise<number>;
  /** Whether acknowledged writes can have been lost; left out by a journal that knows no such case. */
  readonly safety?: JournalSafety;
}

/** An id, state, reference or tag is 1 to 512 characters of well-formed text without NUL: what every store can index. */
export interface JournalEntry {
  /** Which family of records: `payment`, `settlement`. */
  readonly kind: string;
  readonly id: string;
  /** 1 when inserted; every write adds one. */
  readonly version: number;
  /** For listing: the record's status. */
  readonly state: string;
  /** When it is to be claimed, in milliseconds since 1970; `null` when it is at rest. */
  readonly dueAtMs: number | null;
  /** All that finds this entry and no other of its kind. A reference, once written, stays with its entry. */
  readonly references: readonly string[];
  /** What finds this entry among others, such as the digest of a phone number. */
  readonly tags: readonly string[];
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
  /** Survives JSON unchanged, and is never modified after it was handed over. */
  readonly body: unknown;
}

/** Whether an entry was written, or what stood in its way. */
export type InsertResult =
  | { readonly outcome: 'written' }
  | { readonly outcome: 'exists'; readonly entry: JournalEntry }
  | { readonly outcome: 'reference-taken'; readonly reference: string };

/** How a new entry is written. */
export interface InsertOptions extends CallOptions {
  /**
   * Something that cannot be taken back follows this write, such as a send to an operator. Where the journal was told to wait
   * for other machines to have such writes, it does so before it answers, whatever the outcome.
   */
  readonly beforeSend?: boolean;
}

/** How a new version is written, and under which claim. */
export interface ReplaceOptions extends InsertOptions {
  /** Of the claim under which this is written; the write is refused when a later claim was given out. */
  readonly fence?: number;
  /** Keeps the lease for another write; without it, a write under a fence ends the lease. */
  readonly keepLease?: boolean;
}

/** Whether a version was written, or why not. */
export type ReplaceResult =
  | { readonly outcome: 'written' }
  /** Another version stands there, or none. */
  | { readonly outcome: 'conflict'; readonly entry: JournalEntry | undefined }
  /** A later claim was given out: the lease was lost. */
  | { readonly outcome: 'fenced' }
  | { readonly outcome: 'reference-taken'; readonly reference: string };

/** What is to be claimed: entries that are due, for one process, for a while. */
export interface ClaimRequest {
  readonly kind: string;
  /** Names the process, for people who look into the journal. */
  readonly owner: string;
  readonly nowMs: number;
  readonly leaseMs: number;
  readonly limit: number;
}

/** An entry that is ours to drive until its lease ends. */
export interface Claim {
  readonly entry: JournalEntry;
  readonly fence: number;
}

/** Which entries are listed; everything that is given must fit. */
export interface ListRequest {
  readonly kind: string;
  readonly state?: string;
  readonly tag?: string;
  /** Created at or after, in milliseconds since 1970. */
  readonly createdFromMs?: number;
  /** Created before. */
  readonly createdBeforeMs?: number;
  /** Lists the archive instead of what is not in it. */
  readonly archived?: boolean;
  /** 1 to 1000. */
  readonly limit: number;
  readonly cursor?: string;
}

/** Which entries leave what is hot. */
export interface ArchiveRequest {
  readonly kind: string;
  /** The states that may be archived: those that are never left again. */
  readonly states: readonly string[];
  /** Last written before, in milliseconds since 1970. */
  readonly updatedBeforeMs: number;
  /** 1 to 1000. */
  readonly limit: number;
}

/** Entries in the order of their creation. */
export interface ListPage {
  readonly entries: readonly JournalEntry[];
  /** Where the next page begins; left out on the last one. */
  readonly cursor?: string;
}

/** One write of an entry, as its history tells it. */
export interface HistoryLine {
  readonly version: number;
  readonly atMs: number;
  readonly state: string;
  /** One sentence: what happened. */
  readonly note: string;
}
