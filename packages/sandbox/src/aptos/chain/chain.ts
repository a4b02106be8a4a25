import type { Clock } from '@canza/core';
import type { Schedule } from '../../schedule.ts';
import { type AptosBooks, type AptosMovement, createAptosBooks, type OpenAptosBooks } from '../books.ts';
import { accountAt } from '../framework/accounts.ts';
import type { CallContext, Movement } from '../framework/call.ts';
import type { FunctionTable } from '../framework/function-table.ts';
import { type Address, APT, FRAMEWORK } from '../move/address.ts';
import type { AptosSettings } from '../settings.ts';
import type { SignedTransaction } from '../transaction/signed-transaction.ts';
import { type Execution, execute, type ForcedEnd } from './execute.ts';
import { GasMeter } from './gas.ts';
import { NO_HASH, writeGenesis } from './genesis.ts';
import { type CommittedTransaction, Ledger, type Snapshot } from './ledger.ts';
import { type Admission, Mempool, type PendingTransaction } from './mempool.ts';
import { NonceTable } from './nonces.ts';
import { checkPrologue } from './prologue.ts';
import { bucketAbove, type ReadyQueue } from './ready-queue.ts';
import { Session } from './session.ts';
import { VersionedState } from './state.ts';
import type { StatusName } from './status-codes.ts';

export interface ChainOptions {
  readonly settings: AptosSettings;
  readonly functions: FunctionTable;
  readonly clock: Clock;
  readonly schedule: Schedule;
  /** Told of everything that commits. */
  readonly onCommit: (committed: CommittedTransaction) => void;
}

/** What was done with a transaction that was sent. */
export type Submission =
  | Admission
  | { readonly kind: 'refused'; readonly status: StatusName }
  /** The mempool knows that the number is used; the ledger of the node that was asked does not yet. */
  | { readonly kind: 'too-old'; readonly current: bigint };

export interface SubmitOptions {
  /** The node that took it. */
  readonly node: string;
  /** What that node knows. */
  readonly snapshot: Snapshot;
  readonly heldForMs?: number;
  readonly forced?: ForcedEnd | undefined;
  /** Said to be taken, and gone. */
  readonly isDropped?: boolean;
}

const USEC_PER_MS = 1_000;
const USEC_PER_SECOND = 1_000_000;

export const secondsOf = (timestampUsec: number): bigint => BigInt(Math.floor(timestampUsec / USEC_PER_SECOND));

/** Validators, their mempool and the ledger: what stands behind the nodes. */
export class Chain {
  readonly settings: AptosSettings;
  readonly functions: FunctionTable;
  readonly state = new VersionedState();
  readonly ledger: Ledger;
  readonly mempool: Mempool;
  readonly nonces: NonceTable;
  readonly #books: OpenAptosBooks;
  readonly #clock: Clock;
  readonly #schedule: Schedule;
  readonly #onCommit: ChainOptions['onCommit'];
  readonly #waiting = new Map<Address, Set<() => void>>();
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
    this.nonces = new NonceTable(BigInt(settings.orderlessSeconds));
    this.#books = createAptosBooks(this.state, this.ledger);
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

  get isStopped(): boolean {
    return this.#isStopped;
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
    return this.#check(transaction, snapshot.version, snapshot.timestampUsec);
  }

  /** Runs a transaction on top of a snapshot and throws away what it did. */
  simulate(transaction: SignedTransaction, snapshot: Snapshot): Execution {
    return this.#execute(transaction, {
      version: snapshot.version,
      timestampUsec: snapshot.timestampUsec,
      blockHeight: snapshot.blockHeight,
    });
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
  async leaving(hash: Address, mostMs: number): Promise<void> {
    const { promise: left, resolve } = Promise.withResolvers<void>();
    const wake = (): void => resolve();
    const waiting = this.#waiting.get(hash) ?? new Set();
    this.#waiting.set(hash, waiting.add(wake));
    const cancel = this.#schedule.after(mostMs, wake);
    this.#schedule.signal.addEventListener('abort', wake, { once: true });
    await left;
    this.#schedule.signal.removeEventListener('abort', wake);
    cancel();
    waiting.delete(wake);
    if (waiting.size === 0) this.#waiting.delete(hash);
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
    const { head } = this.ledger;
    const timestampUsec = Math.max(this.#nowUsec(), head.timestampUsec + 1);
    const version = head.version + 1;
    const session = new Session(this.state, head.version);
    const movements: Movement[] = [];
    change({
      session,
      meter: new GasMeter(this.settings.gas, { price: 1n, sizeBytes: 0 }),
      sender: FRAMEWORK,
      signers: [],
      typeArgs: [],
      chainId: this.settings.chainId,
      timestampUsec,
      blockHeight: head.blockHeight + 1,
      events: [],
      movements,
    });
    for (const [key, value] of session.writes) this.state.write(key, version, value);
    this.#postMovements(movements, { hash: NO_HASH, sender: FRAMEWORK, version });
    const inclusionPrice = this.settings.gas.minimumPrice;
    const height = head.blockHeight + 1;
    this.ledger.append({
      height,
      firstVersion: version,
      lastVersion: version + 1,
      timestampUsec,
      transactions: [],
      inclusionPrice,
    });
  }

  #appendBlock(): readonly CommittedTransaction[] {
    this.#cancelNext?.();
    this.#cancelNext = undefined;
    const { head } = this.ledger;
    const timestampUsec = Math.max(this.#nowUsec(), head.timestampUsec + 1);
    const firstVersion = head.version + 1;
    const height = head.blockHeight + 1;
    const transactions: CommittedTransaction[] = [];
    const queue = this.#ready();
    while (transactions.length < this.settings.blockSize) {
      const entry = queue.take();
      if (entry === undefined) break;
      const committed = this.#run(entry, { version: firstVersion + transactions.length + 1, timestampUsec, height });
      if (committed !== undefined) {
        transactions.push(committed);
        queue.follow(entry);
      }
      this.mempool.remove(entry.transaction.hash);
    }
    const isFull = transactions.length >= this.settings.blockSize;
    const lowest = transactions.reduce<bigint | undefined>(
      (low, { transaction: { gasUnitPrice } }) => (low === undefined || gasUnitPrice < low ? gasUnitPrice : low),
      undefined,
    );
    this.ledger.append({
      height,
      firstVersion,
      lastVersion: firstVersion + transactions.length + 1,
      timestampUsec,
      transactions,
      inclusionPrice: isFull && lowest !== undefined ? bucketAbove(lowest) : this.settings.gas.minimumPrice,
    });
    this.#books.prune(this.ledger.oldestVersion);
    for (const committed of transactions) {
      this.#wake(committed.transaction.hash);
      this.#onCommit(committed);
    }
    if (!queue.isEmpty) this.#planBlock();
    return transactions;
  }

  /** Runs one transaction of a block and writes what it did; `undefined` when it is refused, which leaves no trace. */
  #run(
    { transaction, forced, nodes }: PendingTransaction,
    {
      version,
      timestampUsec,
      height,
    }: { readonly version: number; readonly timestampUsec: number; readonly height: number },
  ): CommittedTransaction | undefined {
    if (this.#check(transaction, version - 1, timestampUsec) !== undefined) return undefined;
    const execution = this.#execute(transaction, { version: version - 1, timestampUsec, blockHeight: height }, forced);
    const { session, isSuccess, vmStatus, charge, events } = execution;
    const changes = new Map(session.writes);
    for (const [key, value] of changes) this.state.write(key, version, value);
    const { sender, payload, expirationSeconds } = transaction;
    if (payload.nonce !== undefined)
      this.nonces.use(sender, payload.nonce, expirationSeconds, secondsOf(timestampUsec));
    this.#post(transaction, execution, version);
    return { version, transaction, isSuccess, vmStatus, charge, events, changes, timestampUsec, nodes };
  }

  #post(
    { hash, sender }: SignedTransaction,
    { movements, payer, feeOctas, refundOctas }: Execution,
    version: number,
  ): void {
    const common = { hash, sender, version };
    this.#postMovements(movements, common);
    const asset = APT;
    this.#books.post({ ...common, kind: 'fee', asset, from: payer, to: 'burnt', amountMinor: feeOctas });
    if (refundOctas > 0n) {
      this.#books.post({ ...common, kind: 'refund', asset, from: 'minted', to: payer, amountMinor: refundOctas });
    }
  }

  #postMovements(movements: readonly Movement[], common: Pick<AptosMovement, 'hash' | 'sender' | 'version'>): void {
    for (const { asset, from, to, amount: amountMinor } of movements) {
      const kind = from === 'minted' ? 'mint' : to === 'burnt' ? 'burn' : 'transfer';
      this.#books.post({ ...common, kind, asset, from, to, amountMinor });
    }
  }

  #check(transaction: SignedTransaction, version: number, timestampUsec: number): StatusName | undefined {
    const { gas: schedule, chainId, orderlessSeconds } = this.settings;
    return checkPrologue(transaction, {
      view: this.state.at(version),
      nonces: this.nonces,
      schedule,
      chainId,
      nowSeconds: secondsOf(timestampUsec),
      orderlessSeconds: BigInt(orderlessSeconds),
    });
  }

  #execute(
    transaction: SignedTransaction,
    at: { readonly version: number; readonly timestampUsec: number; readonly blockHeight: number },
    forced?: ForcedEnd,
  ): Execution {
    const { state, functions } = this;
    const { gas: schedule, chainId } = this.settings;
    return execute(transaction, { state, functions, schedule, chainId, ...at }, forced);
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
    for (const hash of this.mempool.sweep(this.#clock.nowMs(), this.#nowSeconds())) this.#wake(hash);
  }

  #drop(hash: Address): boolean {
    const isGone = this.mempool.remove(hash) !== undefined;
    this.#wake(hash);
    return isGone;
  }

  #wake(hash: Address): void {
    for (const wake of this.#waiting.get(hash) ?? []) wake();
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
