import type { CallOptions, Clock } from './environment.ts';
import { PaymentError } from './errors/base.ts';
import { JournalError } from './errors/state.ts';
import { SharedDeadline } from './shared-deadline.ts';

/** A guard behind the journal's own deadline, for one that does not keep it. */
const GUARD_MS = 1000;

/** Calls of a journal, none of which holds anybody up, and which reject with a JournalError and nothing else. */
export class JournalCalls {
  /** What the journal is told: how long it may take. */
  readonly #within: CallOptions;
  readonly #guard: SharedDeadline;

  constructor(clock: Clock, timeoutMs: number) {
    this.#within = Object.freeze({ timeoutMs });
    this.#guard = new SharedDeadline(clock, timeoutMs + GUARD_MS);
  }

  make<T>(what: CallName, work: (options: CallOptions) => Promise<T>): Promise<T> {
    const { doing, failureOf } = CALLS[what];
    try {
      return this.#guard.wait(doing, work(this.#within), failureOf);
    } catch (error) {
      return Promise.reject(failureOf(error));
    }
  }
}

/** Whether the journal could not be reached: asked again, it may be there. */
export const isAway = (error: unknown): error is PaymentError =>
  PaymentError.isInstance(error) && error.code === 'JOURNAL_UNAVAILABLE';

interface Call {
  /** For messages. */
  readonly doing: string;
  readonly failureOf: (error: unknown) => PaymentError;
}

const callOf = (name: string, moneyMoved: 'no' | 'maybe' = 'no'): Call => {
  const doing = `The journal's ${name}`;
  const failureOf = (error: unknown): PaymentError =>
    isAway(error)
      ? error
      : new JournalError(`${doing} failed: ask again with the same id.`, moneyMoved, { cause: error });
  return { doing, failureOf };
};

const CALLS = {
  insert: callOf('insert', 'maybe'),
  read: callOf('read'),
  search: callOf('search'),
  list: callOf('list'),
  claim: callOf('claim'),
  release: callOf('release'),
  write: callOf('write', 'maybe'),
} as const;

/** What is asked of a journal. */
export type CallName = keyof typeof CALLS;
