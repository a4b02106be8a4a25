/**
 * Freezes a value and all plain objects and arrays in it, so that one copy can be handed to every reader. Bytes, dates, maps and
 * sets cannot be frozen: whoever caches them must not change them.
 */
export function freezeDeeply<T>(value: T): T {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value) || Object.isFrozen(value)) return value;
  Object.freeze(value);
  for (const part of Object.values(value)) freezeDeeply(part);
  return value;
}
