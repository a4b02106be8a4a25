import { AbortedError, type CallOptions } from '@canza/core';

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
  readonly fill: (number: bigint) => Promise<'used' | 'free'>;
  /** Most numbers that are open at the same time. */
  readonly maxOpen: number;
}

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

  async #take(options: CallOptions): Promise<bigint> {
    const { promise: done, resolve: pass } = Promise.withResolvers<void>();
    const before = this.#turn;
    this.#turn = before.then(() => done);
    await before;
    try {
      await this.#room(options.signal);
      await this.#settleDoubts(options);
      return await this.#nextNumber(options);
    } finally {
      pass();
    }
  }

  async #nextNumber(options: CallOptions): Promise<bigint> {
    const returned = this.#free.shift();
    let number = returned ?? this.#next;
    if (this.#open.size === 0) {
      // Nothing of ours is under way: the chain decides, unless it lags behind what we know to be used.
      const onChain = await this.#options.readNumber(options);
      if (number === undefined || onChain > number) {
        number = onChain;
        this.#free = [];
      }
    }
    if (number === undefined) throw new RangeError('A number is open, but none was ever read.');
    if (this.#next === undefined || number >= this.#next) this.#next = number + 1n;
    this.#open.add(number);
    return number;
  }

  async #room(signal: AbortSignal | undefined): Promise<void> {
    while (this.#open.size >= this.#options.maxOpen) {
      await new Promise<void>((resolve, reject) => {
        const onAbort = (): void => {
          this.#waiting.splice(this.#waiting.indexOf(onRoom), 1);
          reject(new AbortedError('Waiting for a sequence number', 'no'));
        };
        const onRoom = (): void => {
          signal?.removeEventListener('abort', onAbort);
          resolve();
        };
        if (signal?.aborted === true) {
          reject(new AbortedError('Waiting for a sequence number', 'no'));
          return;
        }
        signal?.addEventListener('abort', onAbort, { once: true });
        this.#waiting.push(onRoom);
      });
    }
  }

  async #settleDoubts(options: CallOptions): Promise<void> {
    for (const [number, settle] of this.#doubts) {
      const fate = await settle(options);
      this.#doubts.delete(number);
      if (fate === 'free') this.#return(number);
    }
  }

  async #giveBack(number: bigint, fate: NumberFate): Promise<void> {
    if (typeof fate === 'object') this.#doubts.set(number, fate.settle);
    else if (fate === 'free') {
      const isGap = [...this.#open].some((other) => other > number);
      const filled = isGap ? await this.#options.fill(number).catch(() => 'free' as const) : 'free';
      if (filled === 'free') this.#return(number);
    }
    this.#open.delete(number);
    this.#waiting.shift()?.();
  }

  #return(number: bigint): void {
    this.#free.push(number);
    this.#free.sort((left, right) => (left < right ? -1 : left > right ? 1 : 0));
  }
}
