import { PaymentError, type PaymentErrorOptions, StoreError } from '@canza/core';

/** What is known of a command that brought no reply. `not-sent`: surely without effect. `unknown`: Redis may have run it. */
export type CommandOutcome = 'not-sent' | 'unknown';

/** Redis gave no answer in time, or none at all. */
export class RedisUnavailableError extends StoreError {
  readonly outcome: CommandOutcome;

  constructor(message: string, outcome: CommandOutcome, options?: PaymentErrorOptions) {
    super(message, options);
    this.outcome = outcome;
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

/** Replies that tell of the server's state, not of the command: it was not run, and may be later. */
const PASSING_REPLIES = new Set([
  'LOADING',
  'READONLY',
  'MASTERDOWN',
  'CLUSTERDOWN',
  'TRYAGAIN',
  'MOVED',
  'ASK',
  'BUSY',
  'OOM',
  'MISCONF',
  'NOREPLICAS',
  'UNBLOCKED',
]);

/** Turns what ioredis throws into an error of ours, without its arguments, which hold stored values. */
export function redisError(command: string, error: unknown): RedisUnavailableError | RedisRefusedError {
  const message = error instanceof Error ? error.message : '';
  if (error instanceof Error && error.name === 'ReplyError') {
    const replyCode = /^[A-Z]+/.exec(message)?.[0] ?? 'ERR';
    if (PASSING_REPLIES.has(replyCode)) {
      return new RedisUnavailableError(`Redis does not serve ${command} now.`, 'not-sent', { cause: error });
    }
    return new RedisRefusedError(`Redis refused ${command}: ${replyCode}.`, replyCode, { cause: error });
  }
  const outcome = message.includes("isn't writeable") ? 'not-sent' : 'unknown';
  return new RedisUnavailableError(`Redis gave no reply to ${command}.`, outcome, { cause: error });
}
