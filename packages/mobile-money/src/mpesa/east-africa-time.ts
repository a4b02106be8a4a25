const OFFSET_MS = 3 * 60 * 60 * 1000;

/**
 * Writes a moment as Daraja's `YYYYMMDDHHmmss` in East Africa Time: UTC+3 the year round, from an explicit offset, so that the
 * host's own zone has no say.
 * Source: docs/providers/mpesa.md#times
 */
export const toEastAfricaTimestamp = (atMs: number): string =>
  new Date(atMs + OFFSET_MS).toISOString().replace(/\D/g, '').slice(0, 14);
