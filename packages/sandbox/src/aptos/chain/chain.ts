import type { Clock } from '@canza/core';
import type { Schedule } from '../../schedule.ts';
import { type AptosBooks, createAptosBooks, type OpenAptosBooks } from '../books.ts';
import { accountAt } from '../framework/accounts.ts';
import type { CallContext } from '../framework/call.ts';
import type { FunctionTable } from '../framework/function-table.ts';
import type { Address } from '../move/address.ts';
import type { AptosSettings } from '../settings.ts';
import type { SignedTransaction } from '../transaction/signed-transaction.ts';
import type { Execution } from './execute.ts';
import { Executor, type Place, secondsOf } from './executor.ts';
import { writeGenesis } from './genesis.ts';
import { type CommittedTransaction, Ledger, type Snapshot } from './ledger.ts';
import { Mempool, type PendingTransaction } from './mempool.ts';
import { bucketAbove, type ReadyQueue } from './ready-queue.ts';
import { VersionedState } from './state.ts';
import type { StatusName } from './status-codes.ts';
import type { Submission, SubmitOptions } from './submission.ts';
import { WaitingRoom } from './waiting-room.ts';

export interface ChainOptions {
  readonly settings: AptosSettings;
  readonly functions: FunctionTable;
  readonly clock: Clock;
  readonly schedule: Schedule;
  /** Told of everything that commits. */
  readonly onCommit: (committed: CommittedTransaction) => void;
}

const USEC_PER_MS = 1_000;

/** Where and when the block stands that is being made. */
type NextBlock = Omit<Place, 'version'> & { readonly firstVersion: number };

/** Validators, their mempool and the ledger: what stands behind the nodes. */
export class Chain {
  readonly settings: AptosSettings;
  readonly functions: FunctionTable;
  readonly state = new VersionedState();
  readonly ledger: Ledger;
  readonly mempool: Mempool;
  readonly #books: OpenAptosBooks;
  readonly #clock: Clock;
  readonly #schedule: Schedule;
  readonly #onCommit: ChainOptions['onCommit'];
  readonly #executor: Executor;
  readonly #waitingRoom: WaitingRoom;
  #arrivals = 0;
  #cancelNext: (() => void) | undefined;
  #isStopped = false;
  #aheadMs = 0;
  #floorPrice = 0n;
  #takesNewestFirst = false;

  constructor({ settings, functions, clock, schedule, onCommit }: ChainOptions) {
    this.settings = settings;
    this.functions = functions;
    this.#clock = clock;
    this.#schedule = schedule;
    this.#onCommit = onCommit;
    this.ledger = new Ledger(this.state, settings.retainedVersions);
    this.mempool = new Mempool(settings.mempool);
    this.#waitingRoom = new WaitingRoom(schedule);
    this.#books = createAptosBooks(this.state, this.ledger);
    this.#executor = new Executor({ settings, functions, state: this.state, books: this.#books });
    writeGenesis(this.state, this.#books, settings);
    // Genesis has no time: the first block brings ledger time to the clock's.
    this.#appendBlock();
  }

  get books(): AptosBooks {
    return this.#books;
  }

  /** Lets ledger time come up to the clock, as a chain does that makes blocks all the time; and sweeps the mempool. */
  catchUp(): void {
    this.#sweep();
    if (this.settings.blocks === 'on-demand' || this.#isStopped) return;
    const behindMs = this.#nowUsec() / USEC_PER_MS - this.ledger.head.timestampUsec / USEC_PER_MS;
    if (behindMs >= this.settings.blockIntervalMs) this.#appendBlock();
  }

  /** Makes one block out of what is ready. Returns what it committed. */
  produceBlock(): readonly CommittedTransaction[] {
    return this.#appendBlock();
  }

  /** No block is made until {@link resume}: ledger time stands still, and the mempool fills up. */
  stop(): void {
    this.#isStopped = true;
    this.#cancelNext?.();
    this.#cancelNext = undefined;
  }

  resume(): void {
    this.#isStopped = false;
    this.#planBlockIfReady();
  }

  /** Puts ledger time so far ahead of the clock; it never goes back, so a smaller number lets it stand until the clock is there. */
  setAhead(aheadMs: number): void {
    this.#aheadMs = aheadMs;
  }

  /** The lowest price that enters a block from now on; below it transactions wait. */
  get floorPrice(): bigint {
    return this.#floorPrice;
  }

  setFloorPrice(octas: bigint): void {
    this.#floorPrice = octas;
    this.#planBlockIfReady();
  }

  /** The newest go first, as far as sequence numbers let them. */
  setNewestFirst(takesNewestFirst: boolean): void {
    this.#takesNewestFirst = takesNewestFirst;
  }

  submit(transaction: SignedTransaction, options: SubmitOptions): Submission {
    const { node, snapshot, heldForMs = 0, forced, isDropped = false } = options;
    const status = this.check(transaction, snapshot);
    if (status !== undefined && status !== 'SEQUENCE_NUMBER_TOO_NEW') return { kind: 'refused', status };
    const { payload, sender, sequenceNumber } = transaction;
    const next = this.#nextNumber(sender);
    if (payload.nonce === undefined && sequenceNumber < next) return { kind: 'too-old', current: next };
    if (isDropped) return { kind: 'accepted' };
    const atMs = this.#clock.nowMs();
    const entry: PendingTransaction = {
      transaction,
      arrival: this.#arrivals++,
      atMs,
      nodes: new Set([node]),
      heldUntilMs: heldForMs === 0 ? -Infinity : atMs + heldForMs,
      forced,
    };
    const admission = this.mempool.add(entry, this.#nowSeconds());
    if (admission.kind === 'accepted') {
      if (heldForMs > 0) this.#schedule.after(heldForMs, () => this.#planBlock());
      else if (payload.nonce !== undefined || sequenceNumber === next) this.#planBlock();
    }
    return admission;
  }

  /** Why a transaction would be refused, as one node sees it. */
  check(transaction: SignedTransaction, snapshot: Snapshot): StatusName | undefined {
    return this.#executor.check(transaction, snapshot.version, snapshot.timestampUsec);
  }

  /** Runs a transaction on top of a snapshot and throws away what it did. */
  simulate(transaction: SignedTransaction, snapshot: Snapshot): Execution {
    return this.#executor.simulate(transaction, snapshot);
  }

  /** What waits under a hash; what has expired is dropped when somebody looks. */
  pending(hash: Address): PendingTransaction | undefined {
    const entry = this.mempool.get(hash);
    if (entry === undefined || entry.transaction.expirationSeconds > this.#nowSeconds()) return entry;
    this.#drop(hash);
    return undefined;
  }

  /** Takes a transaction out of the mempool. Nobody is told. */
  drop(hash: Address): boolean {
    return this.#drop(hash);
  }

  /** Resolves when a transaction has left the mempool, or after a while. */
  leaving(hash: Address, mostMs: number): Promise<void> {
    return this.#waitingRoom.leaving(hash, mostMs);
  }

  /** How far a ledger is behind the clock. */
  behindMs(snapshot: Snapshot): number {
    return this.#clock.nowMs() - snapshot.timestampUsec / USEC_PER_MS;
  }

  sequenceNumber(account: Address): bigint {
    return this.#nextNumber(account);
  }

  /** Changes the state by a hand from outside, in a block that has no transaction. */
  intervene(change: (call: CallContext) => void): void {
    const next = this.#nextBlock();
    this.#executor.intervene({ ...next, version: next.firstVersion }, change);
    this.#close(next, []);
  }

  #appendBlock(): readonly CommittedTransaction[] {
    this.#cancelNext?.();
    this.#cancelNext = undefined;
    const next = this.#nextBlock();
    const transactions: CommittedTransaction[] = [];
    const leaving: Address[] = [];
    const queue = this.#ready();
    while (transactions.length < this.settings.blockSize) {
      const entry = queue.take();
      if (entry === undefined) break;
      const version = next.firstVersion + transactions.length + 1;
      const committed = this.#executor.run(entry, { ...next, version });
      if (committed !== undefined) {
        transactions.push(committed);
        queue.follow(entry);
      }
      this.mempool.remove(entry.transaction.hash);
      leaving.push(entry.transaction.hash);
    }
    this.#close(next, transactions);
    for (const hash of leaving) this.#waitingRoom.wake(hash);
    for (const committed of transactions) this.#onCommit(committed);
    if (!queue.isEmpty) this.#planBlock();
    return transactions;
  }

  /** Where and when the next block stands: later than the last, whatever the clock says. */
  #nextBlock(): NextBlock {
    const { version, timestampUsec, blockHeight } = this.ledger.head;
    return {
      firstVersion: version + 1,
      timestampUsec: Math.max(this.#nowUsec(), timestampUsec + 1),
      blockHeight: blockHeight + 1,
    };
  }

  #close(
    { firstVersion, timestampUsec, blockHeight: height }: NextBlock,
    transactions: readonly CommittedTransaction[],
  ): void {
    const lastVersion = firstVersion + transactions.length + 1;
    const inclusionPrice = this.#inclusionPrice(transactions);
    this.ledger.append({ height, firstVersion, lastVersion, timestampUsec, transactions, inclusionPrice });
    this.#books.prune(this.ledger.oldestVersion);
  }

  /** What a transaction would have had to pay to be in a block. */
  #inclusionPrice(transactions: readonly CommittedTransaction[]): bigint {
    const [first] = transactions;
    if (first === undefined || transactions.length < this.settings.blockSize) return this.settings.gas.minimumPrice;
    let lowest = first.transaction.gasUnitPrice;
    for (const { transaction } of transactions) {
      if (transaction.gasUnitPrice < lowest) lowest = transaction.gasUnitPrice;
    }
    return bucketAbove(lowest);
  }

  /** Sets the timer of the next block, where there is none. */
  #planBlock(): void {
    if (this.#cancelNext !== undefined || this.#isStopped || this.settings.blocks === 'on-demand') return;
    this.#cancelNext = this.#schedule.after(this.settings.blockIntervalMs, () => void this.#appendBlock());
  }

  #planBlockIfReady(): void {
    if (!this.#ready().isEmpty) this.#planBlock();
  }

  #ready(): ReadyQueue {
    return this.mempool.ready({
      nextNumber: (sender) => this.#nextNumber(sender),
      minimumPrice: this.#floorPrice,
      nowMs: this.#clock.nowMs(),
      rank: this.#takesNewestFirst ? ({ arrival }) => -arrival : undefined,
    });
  }

  #sweep(): void {
    for (const hash of this.mempool.sweep(this.#clock.nowMs(), this.#nowSeconds())) this.#waitingRoom.wake(hash);
  }

  #drop(hash: Address): boolean {
    const isGone = this.mempool.remove(hash) !== undefined;
    this.#waitingRoom.wake(hash);
    return isGone;
  }

  #nextNumber(sender: Address): bigint {
    return accountAt(this.state.at(Infinity), sender).sequenceNumber;
  }

  #nowUsec(): number {
    return Math.floor((this.#clock.nowMs() + this.#aheadMs) * USEC_PER_MS);
  }

  /** Ledger time. */
  #nowSeconds(): bigint {
    return secondsOf(this.ledger.head.timestampUsec);
  }
}
