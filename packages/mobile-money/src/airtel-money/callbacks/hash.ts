import { createHmac, timingSafeEqual } from 'node:crypto';

import { rawMember } from './raw-member.ts';

/**
 * Proves that Airtel sent a callback: its hash is the HMAC-SHA256, in base64, of the transaction under the callback key. Returns the
 * text of the transaction that the hash covers, which is all that may be believed, or `undefined` where no form of it matches.
 *
 * Airtel's pages name the input in words only, and integrators differ: the value of `transaction` as it was sent, the same
 * written anew without blanks, or the body without its hash.
 * Source: docs/providers/airtel-money.md#hash
 */
export function provenTransaction(body: string, hash: string, key: string): string | undefined {
  const raw = rawMember(body, 'transaction');
  if (raw === undefined) return undefined;
  const compact = JSON.stringify(JSON.parse(raw));
  const inputs = [raw, compact, `{"transaction":${raw}}`, `{"transaction":${compact}}`];
  return inputs.some((input) => matches(input, hash, key)) ? raw : undefined;
}

function matches(input: string, hash: string, key: string): boolean {
  const expected = createHmac('sha256', key).update(input).digest();
  const given = Buffer.from(hash, 'base64');
  return given.length === expected.length && timingSafeEqual(given, expected);
}
