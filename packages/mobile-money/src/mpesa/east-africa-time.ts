const OFFSET_MS = 3 * 60 * 60 * 1000;
const COMPACT = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/;
const DOTTED = /^(\d\d)\.(\d\d)\.(\d{4}) (\d\d):(\d\d):(\d\d)$/;

/**
 * Writes a moment as Daraja's `YYYYMMDDHHmmss` in East Africa Time: UTC+3 the year round, from an explicit offset, so that the
 * host's own zone has no say.
 * Source: docs/providers/mpesa.md#times
 */
export function toEastAfricaTimestamp(atMs: number): string {
  const iso = eastAfricaIso(atMs);
  const date = iso.slice(0, 4) + iso.slice(5, 7) + iso.slice(8, 10);
  return date + iso.slice(11, 13) + iso.slice(14, 16) + iso.slice(17, 19);
}

/** Writes a moment as `YYYY-MM-DD HH:mm:ss` in East Africa Time. Source: docs/providers/mpesa.md#times */
export const toEastAfricaDateTime = (atMs: number): string => eastAfricaIso(atMs).slice(0, 19).replace('T', ' ');

/**
 * Reads a moment that Daraja wrote in East Africa Time: `20231121121325`, as text or as a number, or `06.07.2024 22:48:52`.
 * `undefined` for anything else.
 * Source: docs/providers/mpesa.md#times
 */
export function readEastAfricaTime(value: unknown): number | undefined {
  const text = typeof value === 'number' ? String(value) : value;
  if (typeof text !== 'string') return undefined;
  const compact = COMPACT.exec(text);
  if (compact !== null) return momentOf(compact.slice(1, 4), compact.slice(4));
  const dotted = DOTTED.exec(text);
  return dotted === null ? undefined : momentOf(dotted.slice(1, 4).toReversed(), dotted.slice(4));
}

const eastAfricaIso = (atMs: number): string => new Date(atMs + OFFSET_MS).toISOString();

function momentOf(date: readonly string[], time: readonly string[]): number | undefined {
  const ms = Date.parse(`${date.join('-')}T${time.join(':')}+03:00`);
  return Number.isNaN(ms) ? undefined : ms;
}
