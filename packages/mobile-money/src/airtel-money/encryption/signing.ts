import { createCipheriv } from 'node:crypto';

import { ConfigError, type HttpRequest, type Random } from '@canza/core';

import type { Padding } from './padding.ts';
import { encryptText, type PublicKey } from './public-key.ts';

const KEY_BYTES = 32;
const IV_BYTES = 16;

/** What signs one message: drawn for it, and used once. */
export interface MessageKey {
  readonly key: Uint8Array;
  readonly iv: Uint8Array;
}

const drawMessageKey = (random: Random): MessageKey => ({
  key: random.bytes(KEY_BYTES),
  iv: random.bytes(IV_BYTES),
});

/** The value of `x-signature`: AES-256-CBC over the exact bytes of the body. Source: docs/providers/airtel-money.md#signing */
export function signatureOf(body: string, { key, iv }: MessageKey): string {
  const cipher = createCipheriv('aes-256-cbc', key, iv);
  return Buffer.concat([cipher.update(body, 'utf8'), cipher.final()]).toString('base64');
}

/** The text that `x-key` carries encrypted. */
export const messageKeyText = ({ key, iv }: MessageKey): string =>
  `${Buffer.from(key).toString('base64')}:${Buffer.from(iv).toString('base64')}`;

/**
 * Signs a request over its body as it is: whoever sends it must not write the body anew.
 * @throws ConfigError where the key is too short for that padding: 1024 bits do not hold it with OAEP and SHA-256.
 */
export function signRequest(request: HttpRequest, publicKey: PublicKey, padding: Padding, random: Random): HttpRequest {
  const messageKey = drawMessageKey(random);
  const wrapped = encryptText(messageKeyText(messageKey), publicKey, padding, random);
  if (wrapped === undefined) {
    throw new ConfigError({ field: 'airtelMoney.padding', expected: 'a padding that leaves room for a signing key' });
  }
  const headers = { ...request.headers, 'x-signature': signatureOf(request.body ?? '', messageKey), 'x-key': wrapped };
  return { ...request, headers };
}
