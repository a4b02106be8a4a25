import { AbortedError, DeadlineError, JournalError, type MoneyMoved, PaymentError } from '@canza/core';

const SQLSTATE = /^[0-9A-Z]{5}$/;
/** The server may say these after the commit: connection trouble, statement completion unknown, shutting down, crash of a neighbour. */
const TELLS_NOTHING = /^(?:08|57P0|40003|XX)/;
/** No connection was made, so no statement can have left. */
const NEVER_CONNECTED = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);
/** SQLSTATEs with which the server turns a new connection away: too many of them, wrong password, no such database, starting up. */
const TURNED_AWAY = /^(?:53300|28|3D000|57P03)/;

/** Makes a JournalError of whatever a statement failed with. `isWrite`: whether it would have changed anything. */
export function journalFailure(what: string, error: unknown, isWrite: boolean): JournalError {
  if (error instanceof JournalError) return error;
  if (error instanceof DeadlineError || error instanceof AbortedError) {
    return new JournalError(error.message, isWrite ? error.moneyMoved : 'no', { cause: error });
  }
  if (PaymentError.isInstance(error)) return new JournalError(error.message, 'no', { cause: error });
  const moneyMoved = isWrite ? effectOf(error) : 'no';
  return new JournalError(`${what} did not succeed in PostgreSQL.`, moneyMoved, { cause: error });
}

/** `no` only where the server said that the statement failed, or where there was never a server to say anything. */
function effectOf(error: unknown): MoneyMoved {
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown };
  if (typeof code === 'string' && NEVER_CONNECTED.has(code)) return 'no';
  if (typeof code === 'string' && SQLSTATE.test(code)) {
    return TURNED_AWAY.test(code) || !TELLS_NOTHING.test(code) ? 'no' : 'maybe';
  }
  return message === 'timeout exceeded when trying to connect' ? 'no' : 'maybe';
}

/** Whether a unique constraint refused the statement. */
export function violates(error: unknown, constraint: string): boolean {
  const { code, constraint: violated } = (error ?? {}) as { code?: unknown; constraint?: unknown };
  return code === '23505' && violated === constraint;
}
