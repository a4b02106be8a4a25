import {
  type CallOptions,
  type Environment,
  type HttpRequest,
  type HttpResponse,
  PaymentError,
  TransportError,
  UnexpectedResponseError,
} from '@canza/core';
import { z } from 'zod';

import type { AuthorisedSender } from '../../shared/authorised-sender.ts';
import { readJson } from '../../shared/reply.ts';
import { createTokenCache, type IssuedToken } from '../../shared/token-cache.ts';
import { buildCall } from '../calls.ts';
import { type AirtelMoneyConfig, credentialId } from '../config.ts';
import { readReply, refusalError } from '../refusals.ts';
import { TextSchema } from '../wire.ts';
import { type PublicKey, parsePublicKey } from './public-key.ts';

/** Airtel's public key as it was handed out. */
export interface EncryptionKey {
  readonly keyId: string;
  /** Base64 of the SubjectPublicKeyInfo. */
  readonly key: string;
  /** As Airtel prints it, day first and without a zone: `12-08-2024 21:29:26`. */
  readonly validUpTo?: string;
}

const KeySchema = z.object({
  key_id: TextSchema,
  key: z.string().refine((key) => parsePublicKey(key) !== undefined),
  valid_upto: z.string().nullish(),
});
/** Below `data`, or on one host at the top. */
const KeyReplySchema = z.union([z.object({ data: KeySchema }).transform(({ data }) => data), KeySchema]);

const HOUR_MS = 3_600_000;
const VALID_UP_TO = /^(\d\d)-(\d\d)-(\d{4}) (\d\d):(\d\d):(\d\d)$/;
/** The last hour of the earliest zone: the date that is printed has none. */
const ZONE_MARGIN_MS = 14 * HOUR_MS;

/** Source: docs/providers/airtel-money.md#keys */
export const buildKeyRequest = (config: AirtelMoneyConfig): HttpRequest =>
  buildCall(config, { method: 'GET', path: '/v1/rsa/encryption-keys' });

/** @throws what a question that moves no money throws. */
export function parseEncryptionKey(response: HttpResponse, provider: string): EncryptionKey {
  const read = KeyReplySchema.safeParse(readJson(response));
  if (response.status !== 200 || !read.success) {
    throw refusalError({ kind: 'other' }, readReply(response), response, provider);
  }
  const { key_id: keyId, key, valid_upto: validUpTo } = read.data;
  return validUpTo == null ? { keyId, key } : { keyId, key, validUpTo };
}

/** How long a key is used before it is asked for again: an hour, or less where it ends sooner. */
export function keyLifetimeMs({ validUpTo }: EncryptionKey, nowMs: number): number {
  const [, day, month, year, ...time] = VALID_UP_TO.exec(validUpTo ?? '') ?? [];
  if (year === undefined) return HOUR_MS;
  const leftMs = Date.parse(`${year}-${month}-${day}T${time.join(':')}Z`) - ZONE_MARGIN_MS - nowMs;
  // One that has ended already, or is about to, is used once: whether it holds is for Airtel to say.
  return Number.isNaN(leftMs) ? HOUR_MS : Math.min(HOUR_MS, Math.max(1000, leftMs));
}

/** The key for PINs and signing keys: the configured one, or Airtel's, asked for once for all who wait. */
export interface PublicKeys {
  /** @throws PaymentError, always with `moneyMoved: 'no'`: nothing is sent without it. */
  get(options: CallOptions): Promise<PublicKey>;
  /** Forgets the key that was refused, so that the next payment asks for another. */
  drop(refused: PublicKey): void;
}

export function createPublicKeys(
  config: AirtelMoneyConfig,
  { clock }: Environment,
  send: AuthorisedSender,
): PublicKeys {
  const { name, publicKey, timeoutMs } = config;
  if (publicKey !== undefined) return { get: async () => publicKey, drop: () => undefined };
  const cache = createTokenCache({ clock, timeoutMs });
  const credential = credentialId(config);
  /** Read once for each key, not for each payment. */
  const read = new Map<string, PublicKey>();
  const source = async (options: CallOptions): Promise<IssuedToken> => {
    const issued = parseEncryptionKey(await send(buildKeyRequest(config), options), name);
    return { value: issued.key, lifetimeMs: keyLifetimeMs(issued, clock.nowMs()) };
  };
  return {
    async get(options) {
      try {
        const text = await cache.get(credential, source, options);
        const known = read.get(text) ?? parsePublicKey(text);
        if (known === undefined)
          throw new UnexpectedResponseError('Not a public key.', { body: '' }, { provider: name });
        read.clear();
        read.set(text, known);
        return known;
      } catch (error) {
        if (PaymentError.isInstance(error) && error.moneyMoved === 'no') throw error;
        const why = 'No encryption key was to be had, so the request was not sent.';
        throw new TransportError('not-connected', why, { provider: name, cause: error });
      }
    },
    drop(refused) {
      for (const [text, key] of read) if (key === refused) cache.drop(credential, text);
    },
  };
}
