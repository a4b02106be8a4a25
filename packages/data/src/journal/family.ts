import {
  type ArchiveRequest,
  type CallOptions,
  type Claim,
  type ClaimRequest,
  type Clock,
  type HistoryLine,
  type InsertOptions,
  type InsertResult,
  type JournalEntry,
  JournalError,
  type ListPage,
  type ListRequest,
  type ReplaceOptions,
  type ReplaceResult,
} from '@canza/core';
import type { RedisConnection } from '../redis/connection.ts';
import type { RedisArgument } from '../redis/redis-like.ts';
import type { RedisScript } from '../redis/script.ts';
import type { ConnectionSpread } from './connection-spread.ts';
import { journalFailure } from './failure.ts';
import { ARCHIVED, type FamilyKeys, familyKeys, membersOf, ofState } from './family-keys.ts';
import { Lineage, type LineageOptions, type Standing } from './lineage.ts';
import { listEntries } from './list-entries.ts';
import { type Copies, ReplicaBarrier } from './replica-barrier.ts';
import { ARCHIVE, CLAIM, FIND, FORGET, LIST, RELEASE, STRANGER, WRITE } from './scripts.ts';

export interface FamilyOptions extends Omit<LineageOptions, 'keys'> {
  readonly namespace: string;
  readonly beforeSend?: Copies | undefined;
  /** The connections for changes. */
  readonly spread: ConnectionSpread;
  /** The connection on which replicas are waited for. */
  readonly waiting: () => RedisConnection;
}

/** What the script of a change answers first. */
const WRITTEN = 1;
const FENCED = -2;
const REFERENCE_TAKEN = -3;

/** How often a change is sent again that a server refused because this process had not looked at it. */
const LOOKS = 3;
/** Index members that one script looks at when it archives: it must not hold up the server. */
const LOOKED_AT = 100;

/** All entries of one kind. */
export class JournalFamily {
  readonly #connection: RedisConnection;
  readonly #spread: ConnectionSpread;
  readonly #clock: Clock;
  readonly #timeoutMs: number;
  readonly #keys: FamilyKeys;
  readonly #lineage: Lineage;
  readonly #barrier: ReplicaBarrier | undefined;

  constructor(options: FamilyOptions) {
    const { connection, clock, timeoutMs, kind, namespace, beforeSend } = options;
    this.#connection = connection;
    this.#spread = options.spread;
    this.#clock = clock;
    this.#timeoutMs = timeoutMs;
    this.#keys = familyKeys(namespace, kind);
    this.#lineage = new Lineage({ ...options, keys: this.#keys });
    if (beforeSend !== undefined) {
      this.#barrier = new ReplicaBarrier(options.waiting(), this.#keys.barrier, beforeSend, clock);
    }
  }

  async look(options?: CallOptions): Promise<void> {
    await this.#lineage.look(options);
  }

  distrust(): void {
    this.#lineage.distrust();
  }

  settle(note: string, options?: CallOptions): Promise<void> {
    return this.#lineage.settle(note, options);
  }

  async insert(entry: JournalEntry, note: string, options: InsertOptions): Promise<InsertResult> {
    const [outcome, shown] = await this.#write('An insert', entry, note, options);
    if (outcome === WRITTEN) return { outcome: 'written' };
    if (outcome === REFERENCE_TAKEN) return { outcome: 'reference-taken', reference: shown as string };
    return { outcome: 'exists', entry: JSON.parse(shown as string) as JournalEntry };
  }

  async replace(entry: JournalEntry, note: string, options: ReplaceOptions): Promise<ReplaceResult> {
    const [outcome, shown] = await this.#write('A replace', entry, note, options);
    if (outcome === WRITTEN) return { outcome: 'written' };
    if (outcome === FENCED) return { outcome: 'fenced' };
    if (outcome === REFERENCE_TAKEN) return { outcome: 'reference-taken', reference: shown as string };
    return {
      outcome: 'conflict',
      entry: shown === undefined ? undefined : (JSON.parse(shown as string) as JournalEntry),
    };
  }

  async read(id: string, options?: CallOptions): Promise<JournalEntry | undefined> {
    return parseEntry(
      await this.#ask('A read', (call) => this.#connection.run('hget', [this.#entryKey(id), 'entry'], call), options),
    );
  }

  async findByReference(reference: string, options?: CallOptions): Promise<JournalEntry | undefined> {
    const args = [reference, this.#keys.entryPrefix];
    return parseEntry(
      await this.#ask(
        'A search',
        (call) => this.#connection.runScript(FIND, [this.#keys.references], args, call),
        options,
      ),
    );
  }

  async claimDue({ nowMs, leaseMs, limit, owner }: ClaimRequest, options?: CallOptions): Promise<readonly Claim[]> {
    const { meta, due, leases, entryPrefix } = this.#keys;
    const args = [entryPrefix, nowMs, nowMs + leaseMs, limit, owner];
    const [, ...pairs] = await this.#change('A claim', CLAIM, [meta, due, leases], args, options);
    const claims: Claim[] = [];
    for (let index = 0; index < pairs.length; index += 2) {
      claims.push({ entry: JSON.parse(pairs[index] as string) as JournalEntry, fence: Number(pairs[index + 1]) });
    }
    return claims;
  }

  async release(id: string, fence: number, options?: CallOptions): Promise<void> {
    const { meta, due, leases } = this.#keys;
    await this.#change('A release', RELEASE, [meta, this.#entryKey(id), due, leases], [id, fence], options);
  }

  list(request: ListRequest, options?: CallOptions): Promise<ListPage> {
    const { index, entryPrefix } = this.#keys;
    return listEntries(request, async ({ from, to, limit, prefixBytes }) => {
      const args = [from, to, limit, prefixBytes, entryPrefix];
      const ask = (call: CallOptions): Promise<unknown> => this.#connection.runScript(LIST, [index], args, call);
      return ((await this.#ask('A list', ask, options)) as string[]).map((text) => JSON.parse(text) as JournalEntry);
    });
  }

  async history(id: string, options?: CallOptions): Promise<readonly HistoryLine[]> {
    const reply = await this.#ask(
      'A history',
      (call) => this.#connection.run('hgetall', [this.#entryKey(id)], call),
      options,
    );
    return pairsOf(reply)
      .flatMap(([field, line]) => (field.startsWith('note:') ? [JSON.parse(line) as HistoryLine] : []))
      .toSorted((left, right) => left.version - right.version);
  }

  async archive({ states, updatedBeforeMs, limit }: ArchiveRequest, options: CallOptions = {}): Promise<number> {
    const { meta, index, entryPrefix } = this.#keys;
    const startedMs = this.#clock.monotonicMs();
    let moved = 0;
    for (const state of new Set(states)) {
      const list = ofState(state);
      let from: string | undefined = `[${list}`;
      while (from !== undefined && moved < limit) {
        const size = Buffer.byteLength(list);
        const args = [from, `(${list}:`, LOOKED_AT, limit - moved, size, entryPrefix, updatedBeforeMs, ARCHIVED];
        const call = this.#remaining(options, startedMs);
        // oxlint-disable-next-line no-await-in-loop
        const [, count, last] = await this.#change('An archiving', ARCHIVE, [meta, index], args, call);
        moved += Number(count);
        from = last === undefined ? undefined : `(${last as string}`;
      }
    }
    return moved;
  }

  async forget(ids: readonly string[], options?: CallOptions): Promise<number> {
    const { meta, references, index, leases, entryPrefix } = this.#keys;
    const args = [entryPrefix, ARCHIVED, ...ids];
    const [, deleted] = await this.#change('A forgetting', FORGET, [meta, references, index, leases], args, options);
    return Number(deleted);
  }

  async #write(what: string, entry: JournalEntry, note: string, options: ReplaceOptions): Promise<readonly unknown[]> {
    const { meta, references, index, due, leases } = this.#keys;
    const { id, version, state, dueAtMs, updatedAtMs } = entry;
    const line: HistoryLine = { version, atMs: updatedAtMs, state, note };
    const args = [
      id,
      version,
      JSON.stringify(entry),
      JSON.stringify(line),
      dueAtMs ?? '',
      updatedAtMs,
      membersOf(entry),
      options.fence ?? '',
      options.keepLease === true ? 1 : 0,
      ...entry.references,
    ];
    const keys = [meta, this.#entryKey(id), references, index, due, leases];
    const startedMs = this.#clock.monotonicMs();
    const reply = await this.#change(what, WRITE, keys, args, options, ([outcome, change], standing) => {
      if (outcome === WRITTEN) this.#lineage.acknowledged(standing, Number(change), id, version);
    });
    // Whatever the outcome: a caller who asks again after a wait that failed is shown his own write.
    if (options.beforeSend === true) await this.#barrier?.pass(this.#remaining(options, startedMs));
    return reply;
  }

  /** Runs a script that changes something, on a server that was looked at. */
  async #change(
    what: string,
    script: RedisScript,
    keys: readonly string[],
    args: readonly RedisArgument[],
    options: CallOptions = {},
    onReply?: (reply: readonly unknown[], standing: Standing) => void,
  ): Promise<readonly unknown[]> {
    if (options.signal?.aborted === true) throw new JournalError(`${what} was called off.`, 'no');
    const startedMs = this.#clock.monotonicMs();
    let isSent = false;
    try {
      for (let looks = 0; looks <= LOOKS; looks++) {
        isSent = false;
        // oxlint-disable-next-line no-await-in-loop
        const standing = this.#lineage.standing ?? (await this.#lineage.look(this.#remaining(options, startedMs)));
        isSent = true;
        const guarded = [standing.replicationId, standing.epoch, ...args];
        const call = this.#remaining(options, startedMs);
        const lane = this.#spread.take(standing.syncsEach);
        // oxlint-disable-next-line no-await-in-loop
        const reply = (await lane.connection.runScript(script, keys, guarded, call).finally(() => {
          lane.inFlight -= 1;
        })) as readonly unknown[];
        if (reply[0] !== STRANGER) {
          onReply?.(reply, standing);
          return reply;
        }
        if (this.#lineage.standing === standing) this.#lineage.distrust();
      }
    } catch (error) {
      throw journalFailure(what, error, isSent);
    }
    throw new JournalError(`${what} found another server each time that it was sent.`, 'no');
  }

  /** Asks for something without changing anything. */
  async #ask<T>(what: string, ask: (call: CallOptions) => Promise<T>, options: CallOptions = {}): Promise<T> {
    try {
      return await ask(this.#remaining(options, this.#clock.monotonicMs()));
    } catch (error) {
      throw journalFailure(what, error, false);
    }
  }

  #remaining({ timeoutMs = this.#timeoutMs, signal }: CallOptions, startedMs: number): CallOptions {
    const remainingMs = Math.max(1, Math.ceil(timeoutMs - (this.#clock.monotonicMs() - startedMs)));
    return signal === undefined ? { timeoutMs: remainingMs } : { timeoutMs: remainingMs, signal };
  }

  #entryKey(id: string): string {
    return this.#keys.entryPrefix + id;
  }
}

const parseEntry = (reply: unknown): JournalEntry | undefined =>
  typeof reply === 'string' ? (JSON.parse(reply) as JournalEntry) : undefined;

/** HGETALL answers with a flat list, or with an object, as the client is set. */
function pairsOf(reply: unknown): [string, string][] {
  if (!Array.isArray(reply)) return Object.entries((reply ?? {}) as Record<string, string>);
  const pairs: [string, string][] = [];
  for (let index = 0; index < reply.length; index += 2) pairs.push([String(reply[index]), String(reply[index + 1])]);
  return pairs;
}
