import { JournalError } from '../errors/state.ts';

/** Nothing that is kept is nested so deep; a circle is. */
const DEEPEST = 64;

/**
 * Freezes what was handed over, so that neither side can modify it, and refuses what would not come back from JSON as it is:
 * a journal on a server would return something else. What is frozen already counts as checked.
 * @throws JournalError with `moneyMoved: 'no'`, naming where it stands, never the value.
 */
export function keepAsJson<T>(value: T): T {
  const flaw = freeze(value, 0);
  if (flaw === undefined) return value;
  throw new JournalError(`The journal does not take this entry: entry${flaw}, which JSON does not keep.`, 'no');
}

/** Where and what the first part is that JSON does not keep; the path is put together on the way back, where there is one. */
function freeze(value: unknown, depth: number): string | undefined {
  if (typeof value === 'string' || value === null || typeof value === 'boolean') return undefined;
  if (typeof value === 'number') return Number.isFinite(value) ? undefined : ` is ${value}`;
  if (typeof value !== 'object') return ` is ${typeof value}`;
  if (Object.isFrozen(value)) return undefined;
  if (depth === DEEPEST) return ' is nested too deep';
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== Array.prototype && prototype !== null) {
    return ' is an object with a class of its own';
  }
  if (Array.isArray(value)) {
    for (let at = 0; at < value.length; at++) {
      const flaw = freeze(value[at], depth + 1);
      if (flaw !== undefined) return `.${at}${flaw}`;
    }
  } else {
    for (const name in value) {
      const flaw = freeze((value as Record<string, unknown>)[name], depth + 1);
      if (flaw !== undefined) return `.${name}${flaw}`;
    }
  }
  Object.freeze(value);
  return undefined;
}
