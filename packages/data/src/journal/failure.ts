import { AbortedError, DeadlineError, JournalError, PaymentError } from '@canza/core';
import { RedisRefusedError, RedisUnavailableError } from '../redis/errors.ts';

/** Refusals before the first step of a script; any other may come from its middle. */
const NOTHING_RUN = new Set(['NOAUTH', 'NOPERM', 'WRONGPASS', 'NOSCRIPT', 'CROSSSLOT', 'EXECABORT', 'NOPROTO']);

/** Makes a JournalError of whatever a command failed with. `isWrite`: whether it was sent, and would have changed anything. */
export function journalFailure(what: string, error: unknown, isWrite: boolean): JournalError {
  if (error instanceof JournalError) return error;
  if (!isWrite || hadNoEffect(error)) {
    const said = PaymentError.isInstance(error) ? error.message : `${what} did not succeed in Redis.`;
    return new JournalError(said, 'no', { cause: error });
  }
  if (error instanceof DeadlineError || error instanceof AbortedError) {
    return new JournalError(error.message, 'maybe', { cause: error });
  }
  return new JournalError(`${what} brought no usable reply from Redis, and may have been written.`, 'maybe', {
    cause: error,
  });
}

function hadNoEffect(error: unknown): boolean {
  if (error instanceof RedisUnavailableError) return error.outcome === 'not-sent';
  return error instanceof RedisRefusedError && NOTHING_RUN.has(error.replyCode);
}
