import { createHash } from 'node:crypto';

/**
 * The nonce of an orderless transaction, derived from its name in our records: two processes that send the same one at the same time cannot
 * both commit. It locks for about a minute and is no permanent id.
 * Source: docs/providers/aptos.md#sequence-numbers-and-nonces
 */
export const nonceOf = (reference: string): bigint =>
  createHash('sha256').update(reference, 'utf8').digest().readBigUInt64BE(0);
