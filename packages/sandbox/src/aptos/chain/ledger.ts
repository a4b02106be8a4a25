import type { ModuleEvent } from '../framework/call.ts';
import type { Address } from '../move/address.ts';
import type { SignedTransaction } from '../transaction/signed-transaction.ts';
import type { AnyCell, CellKey } from './cells.ts';
import type { Charge } from './gas.ts';
import type { VersionedState } from './state.ts';

/** A transaction that committed, for good. */
export interface CommittedTransaction {
  readonly version: number;
  readonly transaction: SignedTransaction;
  readonly isSuccess: boolean;
  readonly vmStatus: string;
  readonly charge: Charge;
  readonly events: readonly ModuleEvent[];
  readonly changes: ReadonlyMap<CellKey, AnyCell | undefined>;
  /** Microseconds, of its block. */
  readonly timestampUsec: number;
  /** The nodes that had it in their mempool. */
  readonly nodes: ReadonlySet<string>;
}

/** A block: its metadata takes the first version and its epilogue the last, the transactions stand between. */
export interface Block {
  readonly height: number;
  readonly firstVersion: number;
  readonly lastVersion: number;
  readonly timestampUsec: number;
  readonly transactions: readonly CommittedTransaction[];
  /** The lowest price of a transaction that is to enter a full block; the minimum when it was not full. */
  readonly inclusionPrice: bigint;
}

/** The whole chain as one node sees it at one moment: header and body of an answer come from the same one. */
export interface Snapshot {
  readonly version: number;
  readonly timestampUsec: number;
  readonly blockHeight: number;
  readonly epoch: number;
}

const GENESIS: Block = {
  height: 0,
  firstVersion: 0,
  lastVersion: 0,
  timestampUsec: 0,
  transactions: [],
  inclusionPrice: 0n,
};

/** A stretch of what an account has sent. */
interface SentPage {
  readonly from: number;
  readonly to: number;
  readonly limit: number;
  readonly end: 'first' | 'last';
}

/** What one account has sent: numbered transactions by their number, and all of them by version. */
interface SenderHistory {
  /** Versions by sequence number, from `firstNumber` on. */
  readonly numbered: CommittedTransaction[];
  firstNumber: number;
  readonly all: CommittedTransaction[];
}

/** The chain's history: append-only, cut off at the front as far as it need not be kept. */
export class Ledger {
  readonly #state: VersionedState;
  readonly #retainedVersions: number;
  #blocks: Block[] = [GENESIS];
  readonly #byHash = new Map<Address, CommittedTransaction>();
  readonly #bySender = new Map<Address, SenderHistory>();
  #head: Snapshot = { version: 0, timestampUsec: 0, blockHeight: 0, epoch: 1 };

  constructor(state: VersionedState, retainedVersions: number) {
    this.#state = state;
    this.#retainedVersions = retainedVersions;
  }

  get head(): Snapshot {
    return this.#head;
  }

  get oldestVersion(): number {
    return this.#blocks[0]?.firstVersion ?? 0;
  }

  get oldestBlockHeight(): number {
    return this.#blocks[0]?.height ?? 0;
  }

  append(block: Block): void {
    this.#blocks.push(block);
    for (const committed of block.transactions) {
      this.#byHash.set(committed.transaction.hash, committed);
      this.#remember(committed);
    }
    const { lastVersion: version, timestampUsec, height: blockHeight } = block;
    this.#head = { version, timestampUsec, blockHeight, epoch: 1 };
    this.#prune();
  }

  byHash(hash: Address): CommittedTransaction | undefined {
    return this.#byHash.get(hash);
  }

  /** The block that a version belongs to; `undefined` outside of what is kept. */
  blockOfVersion(version: number): Block | undefined {
    const block = this.#blocks[this.#lastBlock(({ firstVersion }) => firstVersion <= version)];
    return block !== undefined && version <= block.lastVersion ? block : undefined;
  }

  blockAt(height: number): Block | undefined {
    return this.#blocks[height - this.oldestBlockHeight];
  }

  /** The newest blocks not above a height, newest first. */
  lastBlocks(height: number, count: number): readonly Block[] {
    const end = height - this.oldestBlockHeight + 1;
    return this.#blocks.slice(Math.max(0, end - count), end).toReversed();
  }

  /** How the chain looked at a moment of ledger time: what a node knows that lags behind. */
  snapshotAt(timestampUsec: number): Snapshot {
    const block =
      this.#blocks[
        Math.max(
          0,
          this.#lastBlock((each) => each.timestampUsec <= timestampUsec),
        )
      ] ?? GENESIS;
    return {
      version: block.lastVersion,
      timestampUsec: block.timestampUsec,
      blockHeight: block.height,
      epoch: 1,
    };
  }

  /** Numbered transactions of a sender from a sequence number on; those that were cut off are left out. */
  numberedOf(sender: Address, start: number, limit: number, version: number): readonly CommittedTransaction[] {
    const history = this.#bySender.get(sender);
    if (history === undefined) return [];
    const from = Math.max(0, start - history.firstNumber);
    return history.numbered.slice(from, from + limit).filter((each) => each.version <= version);
  }

  /** The number of the first transaction of a sender after those that end at a version, less a page. */
  lastPageStart(sender: Address, limit: number): number {
    const history = this.#bySender.get(sender);
    if (history === undefined) return 0;
    return history.firstNumber + Math.max(0, history.numbered.length - limit);
  }

  /** What a sender has sent from one version to another, oldest first: the first so many of it, or the last. */
  sentBetween(sender: Address, { from, to, limit, end }: SentPage): readonly CommittedTransaction[] {
    const all = this.#bySender.get(sender)?.all ?? [];
    const first = lastIndexWhere(all, ({ version }) => version < from) + 1;
    const behind = lastIndexWhere(all, ({ version }) => version <= to) + 1;
    return end === 'first'
      ? all.slice(first, Math.min(behind, first + limit))
      : all.slice(Math.max(first, behind - limit), behind);
  }

  #remember(committed: CommittedTransaction): void {
    const { sender, payload, sequenceNumber } = committed.transaction;
    let history = this.#bySender.get(sender);
    if (history === undefined) {
      history = { numbered: [], firstNumber: 0, all: [] };
      this.#bySender.set(sender, history);
    }
    history.all.push(committed);
    if (payload.nonce !== undefined) return;
    if (history.numbered.length === 0) history.firstNumber = Number(sequenceNumber);
    history.numbered.push(committed);
  }

  #prune(): void {
    const oldest = this.#head.version - this.#retainedVersions;
    // In larger steps: one at a time would copy the list for each block.
    if (oldest - this.oldestVersion < this.#retainedVersions / 8) return;
    const keepFrom = Math.min(this.#blocks.length - 1, this.#lastBlock(({ lastVersion }) => lastVersion < oldest) + 1);
    const senders = new Set<Address>();
    for (const { transactions } of this.#blocks.slice(0, keepFrom)) {
      for (const { transaction } of transactions) {
        this.#byHash.delete(transaction.hash);
        senders.add(transaction.sender);
      }
    }
    this.#blocks = this.#blocks.slice(keepFrom);
    this.#state.oldestVersion = this.oldestVersion;
    for (const sender of senders) this.#forget(sender);
  }

  #forget(sender: Address): void {
    const history = this.#bySender.get(sender);
    if (history === undefined) return;
    const { numbered, all } = history;
    const isKept = (each: CommittedTransaction): boolean => each.version >= this.oldestVersion;
    const goneNumbers = cutAt(numbered, isKept);
    history.firstNumber += goneNumbers;
    numbered.splice(0, goneNumbers);
    all.splice(0, cutAt(all, isKept));
    if (all.length === 0) this.#bySender.delete(sender);
  }

  /** The index of the last block for which something holds that holds for all before it; -1 when there is none. */
  #lastBlock(holds: (block: Block) => boolean): number {
    return lastIndexWhere(this.#blocks, holds);
  }
}

/** The index of the last entry for which something holds that holds for all before it; -1 when there is none. */
function lastIndexWhere<T>(entries: readonly T[], holds: (entry: T) => boolean): number {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const entry = entries[middle];
    if (entry !== undefined && holds(entry)) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** How many entries in front are not kept. */
function cutAt<T>(entries: readonly T[], isKept: (entry: T) => boolean): number {
  const first = entries.findIndex(isKept);
  return first < 0 ? entries.length : first;
}
