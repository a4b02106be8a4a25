import { hash } from 'node:crypto';
import type { Random } from './environment.ts';
import { InvalidRequestError } from './errors/request.ts';

declare const brand: unique symbol;
type Branded<Name extends string> = string & { readonly [brand]: Name };

/** The caller's id of a payment, and its idempotency key: 1 to 64 letters, digits, `.`, `_`, `:` or `-`. */
export type TransactionId = Branded<'TransactionId'>;

/** Our reference of one attempt, as the operator is told it. Derived, never drawn: a restarted process sends the same. */
export type AttemptReference = Branded<'AttemptReference'>;

const CALLER_ID = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$/;

/**
 * Checks a caller's id.
 * @throws InvalidRequestError naming `field`.
 */
export function parseTransactionId(value: unknown, field = 'transactionId'): TransactionId {
  if (typeof value === 'string' && CALLER_ID.test(value)) return value as TransactionId;
  throw new InvalidRequestError({
    field,
    expected: '1 to 64 letters, digits, ".", "_", ":" or "-", beginning with a letter or digit',
  });
}

/**
 * Derives the reference of an attempt: 32 lower-case hex digits of SHA-256, the same on every machine and in every life of
 * a process. Operators that want a UUID get the same digits through {@link asUuid}.
 */
export function attemptReference(transactionId: string, attempt: number): AttemptReference {
  return sha256Hex(`canza:attempt:${transactionId}:${attempt}`).slice(0, 32) as AttemptReference;
}

/**
 * Writes 32 hex digits in the form of a version 4 UUID. The digits are derived, not drawn, which RFC 9562 would call version 8;
 * but operators refuse every other version. Source: docs/providers/mtn-momo.md#reference
 */
export function asUuid(hex: string): string {
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 0x3) | 0x8).toString(16);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `${variant}${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
}

/**
 * Draws an unguessable path segment of 32 lower-case hex digits (128 bits), different for every attempt also where two processes
 * have the same randomness, as copies of one machine may.
 * Hex on purpose: Daraja refuses callback addresses with words such as `exe`, `cmd` or `sql` in them, and one with upper
 * case was refused too; hex digits cannot spell those words. Source: docs/providers/mpesa.md#callback-address
 */
export function drawCallbackToken(random: Random, transactionId: string, attempt: number): string {
  const secret = Buffer.from(random.bytes(16)).toString('hex');
  return sha256Hex(`canza:callback:${secret}:${transactionId}:${attempt}`).slice(0, 32);
}

/** Digest of a canonical text, for fingerprints and hashed look-ups: 64 hex digits of SHA-256. */
export const sha256Hex = (text: string): string => hash('sha256', text);
