import type { Clock } from '../environment.ts';
import { sha256Hex } from '../identifiers.ts';
import { restoreCall, type StoredCall } from '../settlement-call.ts';
import type { Abort, Fee, LedgerSnapshot, NetworkCall, TransferProof } from '../settlement-network.ts';

/** What a model transaction says, in its bytes. */
export interface ModelTransaction {
  readonly sender: string;
  readonly slot: string;
  readonly call: StoredCall;
  readonly fee: Fee;
  readonly validUntil: string | null;
}

/** A transaction that the model ledger has taken into a block. */
export interface ModelCommit {
  readonly hash: string;
  readonly transaction: ModelTransaction;
  readonly version: number;
  readonly atMs: number;
  readonly feePaid: bigint;
  readonly proofs: readonly TransferProof[];
  readonly abort?: Abort;
}

/** How the model ledger behaves. */
export interface ModelLedgerSettings {
  readonly clock: Clock;
  /** Between two blocks. Default 100. */
  readonly blockMs?: number;
  /** Whether slots are numbers without gaps, that guard for ever; or nonces that guard until expiry. */
  readonly slots?: 'numbers' | 'nonces';
  readonly maxPendingPerSender?: number;
}

interface Pending {
  readonly hash: string;
  readonly transaction: ModelTransaction;
  readonly sinceMs: number;
}

export const FEE_ASSET_ID = 'asset:gas';

/** Units of work that the model charges. */
export const unitsOf = (call: NetworkCall): bigint =>
  call.kind === 'transfers' ? 50n + 25n * BigInt(call.transfers.length) : 50n;

const keyOf = (...parts: readonly string[]): string => parts.join('|');

/**
 * A ledger of a few accounts in memory: slots, a pool of pending transactions, expiry by its own time, books that can be asked. It
 * goes on when it is looked at, so it needs no timers; what a clock does not pass does not happen.
 */
export class ModelLedger {
  readonly commits: ModelCommit[] = [];
  readonly slots: 'numbers' | 'nonces';
  readonly maxPendingPerSender: number;
  readonly #clock: Clock;
  readonly #blockMs: number;
  readonly #balances = new Map<string, bigint>();
  readonly #next = new Map<string, bigint>();
  /** Nonces with the position from which on they guard nothing any more. */
  readonly #nonces = new Map<string, bigint>();
  readonly #byHash = new Map<string, ModelCommit>();
  readonly #frozen = new Set<string>();
  #pool: Pending[] = [];
  #timeMs: number;
  #oldestVersion = 0;
  #held = false;
  #stopped = false;

  constructor(settings: ModelLedgerSettings) {
    this.#clock = settings.clock;
    this.#blockMs = settings.blockMs ?? 100;
    this.slots = settings.slots ?? 'numbers';
    this.maxPendingPerSender = settings.maxPendingPerSender ?? 100;
    this.#timeMs = this.#clock.nowMs();
  }

  fund(owner: string, asset: string, amount: bigint): void {
    this.#balances.set(keyOf(owner, asset), this.balance(owner, asset) + amount);
  }

  balance(owner: string, asset: string): bigint {
    return this.#balances.get(keyOf(owner, asset)) ?? 0n;
  }

  /** What comes to this account aborts. */
  freeze(owner: string): void {
    this.#frozen.add(owner);
  }

  isFrozen(owner: string): boolean {
    return this.#frozen.has(owner);
  }

  /** Blocks hold no transactions until it is released; time goes on. */
  hold(held = true): void {
    this.advance();
    this.#held = held;
  }

  /** No blocks at all: the ledger's time stands still. */
  stop(stopped = true): void {
    this.advance();
    this.#stopped = stopped;
  }

  /** Forgets a pending transaction, as a full pool does. */
  drop(hash: string): void {
    this.#pool = this.#pool.filter((pending) => pending.hash !== hash);
  }

  /** Forgets all that was committed so far. */
  prune(): void {
    this.advance();
    this.#oldestVersion = this.commits.length + 1;
    this.#byHash.clear();
  }

  /** Somebody else with the same key uses a slot. */
  useElsewhere(sender: string): void {
    this.advance();
    const slot = String(this.#next.get(sender) ?? 0n);
    const call = { kind: 'void' } as const;
    this.#commit({ hash: `0xelse${slot}`, transaction: this.#foreign(sender, slot, call), sinceMs: this.#timeMs });
  }

  nextSlot(sender: string): bigint {
    this.advance();
    return this.#next.get(sender) ?? 0n;
  }

  get pending(): readonly Pending[] {
    return this.#pool;
  }

  snapshot(node: string, lagMs = 0): LedgerSnapshot {
    this.advance();
    const atMs = this.#timeMs - lagMs;
    const version = this.commits.findLastIndex((commit) => commit.atMs <= atMs) + 1;
    return {
      node,
      version: String(version),
      oldestVersion: String(this.#oldestVersion),
      position: String(Math.floor(atMs / 1000)),
      atMs,
    };
  }

  find(hash: string, lagMs = 0): ModelCommit | 'pending' | undefined {
    this.advance();
    const commit = this.#byHash.get(hash);
    if (commit !== undefined && commit.atMs <= this.#timeMs - lagMs) return commit;
    return lagMs === 0 && this.#pool.some((pending) => pending.hash === hash) ? 'pending' : undefined;
  }

  usedBy(sender: string, slot: string): string | undefined {
    this.advance();
    return this.commits.find(({ transaction }) => transaction.sender === sender && transaction.slot === slot)?.hash;
  }

  /** @returns what a node would answer. */
  submit(bytes: string): 'accepted' | 'known' | 'full' | 'expired' | 'price-too-low' | 'cannot-pay-fee' {
    this.advance();
    const hash = hashOf(bytes);
    const transaction = readBytes(bytes);
    const { sender, slot, fee, validUntil } = transaction;
    if (this.#pool.some((pending) => pending.hash === hash)) return 'accepted';
    if (this.#isUsed(transaction)) return 'known';
    if (validUntil !== null && this.#position() >= BigInt(validUntil)) return 'expired';
    if (this.balance(sender, FEE_ASSET_ID) < BigInt(fee.maxUnits) * BigInt(fee.unitPrice)) return 'cannot-pay-fee';
    const rival = this.#pool.find((each) => each.transaction.sender === sender && each.transaction.slot === slot);
    if (rival !== undefined) {
      if (BigInt(rival.transaction.fee.unitPrice) >= BigInt(fee.unitPrice)) return 'price-too-low';
      this.drop(rival.hash);
    }
    const open = this.#pool.filter((each) => each.transaction.sender === sender).length;
    if (open >= this.maxPendingPerSender) return 'full';
    this.#pool.push({ hash, transaction, sinceMs: this.#clock.nowMs() });
    return 'accepted';
  }

  /** Makes the blocks that are due by the clock. */
  advance(): void {
    const nowMs = this.#clock.nowMs();
    while (!this.#stopped && this.#timeMs + this.#blockMs <= nowMs) {
      const empty = this.#held || this.#pool.length === 0;
      // Blocks without transactions are one as good as many.
      this.#timeMs += empty ? Math.floor((nowMs - this.#timeMs) / this.#blockMs) * this.#blockMs : this.#blockMs;
      if (!empty) this.#makeBlock();
      this.#sweep();
    }
    if (this.#stopped) this.#timeMs = Math.min(this.#timeMs, nowMs);
  }

  #makeBlock(): void {
    for (let ran = true; ran; ) {
      const ready = this.#pool.find((each) => each.sinceMs < this.#timeMs && this.#isNext(each.transaction));
      ran = ready !== undefined;
      if (ready !== undefined) {
        this.drop(ready.hash);
        this.#commit(ready);
      }
    }
  }

  /** Expired ones leave the pool without a trace. */
  #sweep(): void {
    this.#pool = this.#pool.filter(
      ({ transaction }) => transaction.validUntil === null || this.#position() < BigInt(transaction.validUntil),
    );
  }

  #position(): bigint {
    return BigInt(Math.floor(this.#timeMs / 1000));
  }

  #isNext({ sender, slot, validUntil }: ModelTransaction): boolean {
    if (validUntil !== null && this.#position() >= BigInt(validUntil)) return false;
    return this.slots === 'nonces' || BigInt(slot) === (this.#next.get(sender) ?? 0n);
  }

  #isUsed({ sender, slot }: ModelTransaction): boolean {
    return this.slots === 'numbers'
      ? BigInt(slot) < (this.#next.get(sender) ?? 0n)
      : (this.#nonces.get(keyOf(sender, slot)) ?? -1n) > this.#position();
  }

  #commit({ hash, transaction }: Pending): void {
    const { sender, slot, fee, validUntil } = transaction;
    const call = restoreCall(transaction.call);
    if (this.slots === 'numbers') this.#next.set(sender, BigInt(slot) + 1n);
    else this.#nonces.set(keyOf(sender, slot), BigInt(validUntil ?? 0));
    const feePaid = unitsOf(call) * BigInt(fee.unitPrice);
    this.fund(sender, FEE_ASSET_ID, -feePaid);
    const abort = this.#abortOf(sender, call);
    const commit: ModelCommit = {
      hash,
      transaction,
      version: this.commits.length + 1,
      atMs: this.#timeMs,
      feePaid,
      proofs: abort === undefined ? this.#carryOut(sender, call) : [],
      ...(abort === undefined ? {} : { abort }),
    };
    this.commits.push(commit);
    this.#byHash.set(hash, commit);
  }

  #abortOf(sender: string, call: NetworkCall): Abort | undefined {
    if (call.kind !== 'transfers') return undefined;
    const total = call.transfers.reduce((sum, { amount }) => sum + amount, 0n);
    if (call.transfers.some(({ to }) => this.#frozen.has(to))) {
      return { reason: 'recipient-refused', code: 'FROZEN', detail: 'The store is frozen.' };
    }
    return this.balance(sender, call.asset) >= total
      ? undefined
      : { reason: 'insufficient-balance', code: 'BALANCE', detail: 'The sender does not hold so much.' };
  }

  #carryOut(sender: string, call: NetworkCall): readonly TransferProof[] {
    const arrivals =
      call.kind === 'transfers'
        ? call.transfers.map(({ to, amount }) => ({ to, asset: call.asset, amount, from: sender }))
        : call.kind === 'swap'
          ? [{ to: sender, ...call.minimum, from: 'pool' }]
          : [];
    return arrivals.map(({ from, to, asset, amount }, event) => {
      this.fund(from, asset, -amount);
      this.fund(to, asset, amount);
      return { event, account: to, asset, amount: amount.toString() };
    });
  }

  #foreign(sender: string, slot: string, call: StoredCall): ModelTransaction {
    return { sender, slot, call, fee: { maxUnits: '0', unitPrice: '0' }, validUntil: null };
  }
}

export const writeBytes = (transaction: ModelTransaction): string =>
  Buffer.from(JSON.stringify(transaction)).toString('base64');

const readBytes = (bytes: string): ModelTransaction =>
  JSON.parse(Buffer.from(bytes, 'base64').toString()) as ModelTransaction;

export const hashOf = (bytes: string): string => `0x${sha256Hex(bytes)}`;
