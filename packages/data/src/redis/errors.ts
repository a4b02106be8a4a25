import { PaymentError, type PaymentErrorOptions, StoreError } from '@canza/core';

/** What is known of a command that brought no reply. `not-sent`: surely without effect. `unknown`: Redis may have run it. */
export type CommandOutcome = 'not-sent' | 'unknown';

export interface RedisUnavailableOptions extends PaymentErrorOptions {
  /** Whether the state is one that passes, so that the same command may get through a moment later. */
  readonly passing?: boolean;
  /** Whether the server answers, and does not serve until somebody makes room or repairs. */
  readonly stuck?: boolean;
  /** In a few words, for the message of a deadline. */
  readonly reason?: string;
}

/** Redis gave no answer in time, or none at all. */
export class RedisUnavailableError extends StoreError {
  readonly outcome: CommandOutcome;
  readonly #options: RedisUnavailableOptions;

  constructor(message: string, outcome: CommandOutcome, options: RedisUnavailableOptions = {}) {
    super(message, options);
    this.outcome = outcome;
    this.#options = options;
  }

  /** Whether Redis itself refused, for a state that somebody must end, such as a full memory. */
  get refused(): boolean {
    return this.#options.stuck === true;
  }

  /** Surely without effect, and worth sending again. */
  get repeatable(): boolean {
    return this.outcome === 'not-sent' && this.#options.passing === true;
  }

  get reason(): string {
    return this.#options.reason ?? 'it gave no reply';
  }

  override toJSON(): Record<string, unknown> {
    return { ...super.toJSON(), outcome: this.outcome };
  }
}

/** Redis answered with an error: the command is wrong for what is stored, or not allowed. The same call would fail again. */
export class RedisRefusedError extends PaymentError {
  readonly code = 'STORE_REFUSED';
  /** The first word of Redis' reply, such as `WRONGTYPE`. */
  readonly replyCode: string;

  constructor(message: string, replyCode: string, options?: PaymentErrorOptions) {
    super(message, 'no', options);
    this.replyCode = replyCode;
  }

  override toJSON(): Record<string, unknown> {
    return { ...super.toJSON(), replyCode: this.replyCode };
  }
}

/** Replies that tell of the server's state, not of the command: it was not run, and will be once that has passed. */
const PASSING = new Set(['LOADING', 'READONLY', 'MASTERDOWN', 'CLUSTERDOWN', 'TRYAGAIN', 'MOVED', 'ASK', 'BUSY']);
/** The command was not run either, and somebody has to make room or repair first. */
const STUCK = new Set(['OOM', 'MISCONF', 'NOREPLICAS']);

/** Turns what ioredis throws into an error of ours, without its arguments, which hold stored values. */
export function redisError(command: string, error: unknown): RedisUnavailableError | RedisRefusedError {
  const message = error instanceof Error ? error.message : '';
  if (error instanceof Error && error.name === 'ReplyError') {
    const replyCode = /^[A-Z]+/.exec(message)?.[0] ?? 'ERR';
    const passing = PASSING.has(replyCode);
    if (!passing && !STUCK.has(replyCode)) {
      return new RedisRefusedError(`Redis refused ${command}: ${replyCode}.`, replyCode, { cause: error });
    }
    const reason = `the server says ${replyCode}`;
    return new RedisUnavailableError(`Redis does not serve ${command}: ${reason}.`, 'not-sent', {
      cause: error,
      passing,
      stuck: !passing,
      reason,
    });
  }
  const unsent = message.includes("isn't writeable");
  return new RedisUnavailableError(`Redis gave no reply to ${command}.`, unsent ? 'not-sent' : 'unknown', {
    cause: error,
    passing: unsent,
    reason: 'the connection broke',
  });
}
