import type { Address } from '../move/address.ts';
import type { SignedTransaction } from '../transaction/signed-transaction.ts';
import type { ForcedEnd } from './execute.ts';
import { ReadyQueue } from './ready-queue.ts';

/** A transaction that waits to be put into a block. */
export interface PendingTransaction {
  readonly transaction: SignedTransaction;
  /** Earlier ones have smaller numbers. */
  readonly arrival: number;
  readonly atMs: number;
  /** The nodes that have it. */
  readonly nodes: Set<string>;
  /** Kept out of blocks until that time of the clock; `Infinity` for good. */
  readonly heldUntilMs: number;
  readonly forced: ForcedEnd | undefined;
}

export interface MempoolLimits {
  readonly mostTransactions: number;
  readonly mostNumberedPerSender: number;
  readonly mostOrderlessPerSender: number;
  /** How long one may wait, whatever its own expiry. */
  readonly timeToLiveMs: number;
  readonly sweepEveryMs: number;
}

export const DEFAULT_MEMPOOL_LIMITS: MempoolLimits = {
  mostTransactions: 2_000_000,
  mostNumberedPerSender: 100,
  mostOrderlessPerSender: 1_000,
  timeToLiveMs: 600_000,
  sweepEveryMs: 60_000,
};

/** What one account has waiting. */
interface SenderQueue {
  readonly numbered: Map<bigint, PendingTransaction>;
  readonly orderless: Map<bigint, PendingTransaction>;
}

export type Admission =
  | { readonly kind: 'accepted' }
  /** The same transaction waits already. */
  | { readonly kind: 'known' }
  | { readonly kind: 'full'; readonly message: string }
  | { readonly kind: 'slot-taken'; readonly message: string };

/** Transactions that were taken in and are in no block yet. Nothing in it goes through all of them but the sweep. */
export class Mempool {
  readonly #limits: MempoolLimits;
  readonly #byHash = new Map<Address, PendingTransaction>();
  readonly #queues = new Map<Address, SenderQueue>();
  #sweptAtMs = -Infinity;

  constructor(limits: MempoolLimits) {
    this.#limits = limits;
  }

  get size(): number {
    return this.#byHash.size;
  }

  get(hash: Address): PendingTransaction | undefined {
    return this.#byHash.get(hash);
  }

  /** Everything that waits, oldest first. */
  all(): Iterable<PendingTransaction> {
    return this.#byHash.values();
  }

  /** What a sender has waiting under a sequence number. */
  numbered(sender: Address, sequenceNumber: bigint): PendingTransaction | undefined {
    return this.#queues.get(sender)?.numbered.get(sequenceNumber);
  }

  add(entry: PendingTransaction, nowSeconds: bigint): Admission {
    const { transaction } = entry;
    const known = this.#byHash.get(transaction.hash);
    if (known !== undefined) {
      for (const node of entry.nodes) known.nodes.add(node);
      return { kind: 'known' };
    }
    const { sender, payload, sequenceNumber } = transaction;
    const isOrderless = payload.nonce !== undefined;
    const queue = this.#queueOf(sender);
    const slots = isOrderless ? queue.orderless : queue.numbered;
    const slot = payload.nonce ?? sequenceNumber;
    const holder = slots.get(slot);
    if (holder !== undefined && holder.transaction.expirationSeconds > nowSeconds) {
      const message = refuseReplacement(holder.transaction, transaction);
      if (message !== undefined) return { kind: 'slot-taken', message };
    }
    if (holder !== undefined) this.remove(holder.transaction.hash);
    const most = isOrderless ? this.#limits.mostOrderlessPerSender : this.#limits.mostNumberedPerSender;
    if (slots.size >= most) this.#dropExpired(slots, nowSeconds);
    if (slots.size >= most) {
      return {
        kind: 'full',
        message: `Mempool over capacity for account. Number of transactions from account: ${slots.size} Capacity per account: ${most}`,
      };
    }
    if (this.#byHash.size >= this.#limits.mostTransactions) {
      return {
        kind: 'full',
        message: `Mempool is full. Mempool size: ${this.#byHash.size}, Capacity: ${this.#limits.mostTransactions}`,
      };
    }
    // It may have gone with the last one that was removed.
    this.#queues.set(sender, queue);
    slots.set(slot, entry);
    this.#byHash.set(transaction.hash, entry);
    return { kind: 'accepted' };
  }

  remove(hash: Address): PendingTransaction | undefined {
    const entry = this.#byHash.get(hash);
    if (entry === undefined) return undefined;
    this.#byHash.delete(hash);
    const { sender, payload, sequenceNumber } = entry.transaction;
    const queue = this.#queues.get(sender);
    if (payload.nonce === undefined) queue?.numbered.delete(sequenceNumber);
    else queue?.orderless.delete(payload.nonce);
    if (queue?.numbered.size === 0 && queue.orderless.size === 0) this.#queues.delete(sender);
    return entry;
  }

  /** What could go into a block now, best price first. @param nextNumber The sequence number that an account goes on with. */
  ready(options: {
    readonly nextNumber: (sender: Address) => bigint;
    readonly minimumPrice: bigint;
    readonly nowMs: number;
    readonly rank?: ((entry: PendingTransaction) => number) | undefined;
  }): ReadyQueue {
    const { nextNumber, minimumPrice, nowMs, rank } = options;
    const takes = ({ transaction, heldUntilMs }: PendingTransaction): boolean =>
      transaction.gasUnitPrice >= minimumPrice && heldUntilMs <= nowMs;
    const queue = new ReadyQueue(
      ({ transaction: { sender, sequenceNumber } }) => this.numbered(sender, sequenceNumber + 1n),
      takes,
      rank,
    );
    for (const [sender, { numbered, orderless }] of this.#queues) {
      for (const entry of orderless.values()) queue.offer(entry);
      const first = numbered.size === 0 ? undefined : numbered.get(nextNumber(sender));
      if (first !== undefined) queue.offer(first);
    }
    return queue;
  }

  /** Drops what has waited for too long, at most once in a while. Returns what went. */
  sweep(nowMs: number, nowSeconds: bigint): readonly Address[] {
    if (nowMs - this.#sweptAtMs < this.#limits.sweepEveryMs) return [];
    this.#sweptAtMs = nowMs;
    const gone: Address[] = [];
    for (const [hash, { atMs, transaction }] of this.#byHash) {
      if (nowMs - atMs >= this.#limits.timeToLiveMs || transaction.expirationSeconds <= nowSeconds) gone.push(hash);
    }
    for (const hash of gone) this.remove(hash);
    return gone;
  }

  #queueOf(sender: Address): SenderQueue {
    return this.#queues.get(sender) ?? { numbered: new Map(), orderless: new Map() };
  }

  #dropExpired(slots: ReadonlyMap<bigint, PendingTransaction>, nowSeconds: bigint): void {
    for (const { transaction } of slots.values()) {
      if (transaction.expirationSeconds <= nowSeconds) this.remove(transaction.hash);
    }
  }
}

/** A transaction takes another's place by paying more, and may differ in nothing else. */
function refuseReplacement(holder: SignedTransaction, other: SignedTransaction): string | undefined {
  const already = 'Transaction already in mempool with a';
  if (!isSamePayload(holder, other)) return `${already} different payload`;
  if (holder.expirationSeconds !== other.expirationSeconds) return `${already} different expiration timestamp`;
  if (holder.maxGasAmount !== other.maxGasAmount) return `${already} different max gas amount`;
  return other.gasUnitPrice > holder.gasUnitPrice ? undefined : `${already} higher gas price`;
}

/** Sender, number and payload stand in front of the raw bytes; the 25 bytes behind are gas, expiry and chain. */
function isSamePayload(one: SignedTransaction, other: SignedTransaction): boolean {
  return Buffer.compare(one.rawBytes.subarray(0, -TAIL_BYTES), other.rawBytes.subarray(0, -TAIL_BYTES)) === 0;
}

const TAIL_BYTES = 25;
