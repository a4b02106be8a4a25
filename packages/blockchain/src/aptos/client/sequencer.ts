import { AbortedError, type CallOptions, type Clock, NotAcceptingError, withDeadline } from '@canza/core';

/** What became of a sequence number that was given out. */
export type NumberFate =
  /** Used up on the chain, by proof: never again. */
  | 'used'
  /** Not used, by proof: nothing that carries it can commit any more. */
  | 'free'
  /** Nobody knows yet; `settle` finds out, with the same bytes. */
  | { readonly settle: (options: CallOptions) => Promise<'used' | 'free'> };

export interface SequencerOptions {
  /** The account's number on the chain. Throws where it cannot be read: a number is never guessed. */
  readonly readNumber: (options: CallOptions) => Promise<bigint>;
  /** Uses a number up that nothing else will, so that what waits behind it can commit. */
  readonly fill: (number: bigint) => Promise<NumberFate>;
  readonly clock: Clock;
  /** Most numbers that are open at the same time. */
  readonly maxOpen: number;
}

/** For a caller who names no time. */
const DEFAULT_TIMEOUT_MS = 600_000;

/**
 * Hands out the sequence numbers of one account, which this process alone must own. Numbers are given out in order and without gaps: one that
 * came back is given out again before a new one, or filled where others wait behind it already. While the fate of a number is not
 * known, no further one is given out: it is found out first.
 */
export class Sequencer {
  readonly #options: SequencerOptions;
  readonly #open = new Set<bigint>();
  readonly #doubts = new Map<bigint, (options: CallOptions) => Promise<'used' | 'free'>>();
  /** Numbers that came back unused, lowest first. */
  #free: bigint[] = [];
  /** The lowest number that was never given out; `undefined` before the account was first read. */
  #next: bigint | undefined;
  #turn: Promise<void> = Promise.resolve();
  readonly #waiting: (() => void)[] = [];

  constructor(options: SequencerOptions) {
    this.#options = options;
  }

  /** Numbers that are given out and whose fate is not known. */
  get open(): number {
    return this.#open.size + this.#doubts.size;
  }

  /**
   * Runs `work` with the next number. Whatever comes of it, `fate` is called with what is known of the number; what `work` throws is
   * thrown on.
   * @throws PaymentError where the number cannot be known; nothing was sent then.
   */
  async run<T>(
    work: (number: bigint, fate: (fate: NumberFate) => void) => Promise<T>,
    options: CallOptions = {},
  ): Promise<T> {
    const number = await this.#take(options);
    let known: NumberFate = 'free';
    try {
      return await work(number, (fate) => {
        known = fate;
      });
    } finally {
      await this.#giveBack(number, known);
    }
  }

  #take({ timeoutMs = DEFAULT_TIMEOUT_MS, signal }: CallOptions): Promise<bigint> {
    const { promise: done, resolve: pass } = Promise.withResolvers<void>();
    const before = this.#turn;
    this.#turn = before.then(() => done);
    const wait = { timeoutMs, what: 'Waiting for a sequence number', ...(signal === undefined ? {} : { signal }) };
    return withDeadline(this.#options.clock, wait, async (within) => {
      try {
        await before;
        await this.#room(within);
        await this.#settleDoubts(within);
        return await this.#nextNumber(within);
      } finally {
        pass();
      }
    });
  }

  async #nextNumber(signal: AbortSignal): Promise<bigint> {
    // Nothing of ours is under way: the chain decides, unless it lags behind what we know to be used.
    const onChain = this.#open.size === 0 ? await this.#options.readNumber({ signal }) : undefined;
    if (signal.aborted) throw new AbortedError('Waiting for a sequence number', 'no');
    const ours = this.#free[0] ?? this.#next;
    let number = ours;
    if (onChain !== undefined && (ours === undefined || onChain > ours)) {
      number = onChain;
      this.#free = [];
    } else {
      this.#free.shift();
    }
    if (number === undefined) throw new RangeError('A number is open, but none was ever read.');
    if (this.#next === undefined || number >= this.#next) this.#next = number + 1n;
    this.#open.add(number);
    return number;
  }

  async #room(signal: AbortSignal): Promise<void> {
    while (this.#open.size >= this.#options.maxOpen) {
      await new Promise<void>((resolve, reject) => {
        const onAbort = (): void => {
          this.#waiting.splice(this.#waiting.indexOf(onRoom), 1);
          reject(new AbortedError('Waiting for a sequence number', 'no'));
        };
        const onRoom = (): void => {
          signal.removeEventListener('abort', onAbort);
          resolve();
        };
        if (signal.aborted) {
          reject(new AbortedError('Waiting for a sequence number', 'no'));
          return;
        }
        signal.addEventListener('abort', onAbort, { once: true });
        this.#waiting.push(onRoom);
      });
    }
  }

  async #settleDoubts(signal: AbortSignal): Promise<void> {
    for (const [number, settle] of this.#doubts) {
      let fate: 'used' | 'free';
      try {
        fate = await settle({ signal });
      } catch (cause) {
        // It is about another transaction: of the one that was asked for now, nothing was sent.
        throw new NotAcceptingError('The end of an earlier transaction of this account is not known yet.', { cause });
      }
      this.#doubts.delete(number);
      if (fate === 'free') this.#return(number);
    }
  }

  async #giveBack(number: bigint, fate: NumberFate): Promise<void> {
    let known = fate;
    // What waits behind a number that nobody uses would never commit.
    if (known === 'free' && [...this.#open].some((other) => other > number)) {
      known = await this.#options.fill(number).catch(() => 'free' as const);
    }
    if (known === 'free') this.#return(number);
    else if (known !== 'used') this.#doubts.set(number, known.settle);
    this.#open.delete(number);
    this.#waiting.shift()?.();
  }

  #return(number: bigint): void {
    this.#free.push(number);
    this.#free.sort((left, right) => (left < right ? -1 : left > right ? 1 : 0));
  }
}
