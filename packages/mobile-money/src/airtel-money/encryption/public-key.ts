import { constants, createPublicKey, type KeyObject, publicEncrypt } from 'node:crypto';

import type { Random } from '@canza/core';

import { type Padding, padText } from './padding.ts';

/** Airtel's key for PINs and signing keys. */
export interface PublicKey {
  readonly key: KeyObject;
  /** Bytes of one block: 128 for the 1024 bits of the first generation, 256 for the second. */
  readonly blockBytes: number;
}

const FEWEST_BITS = 1024;

/**
 * Reads a public key: PEM, or the base64 of its SubjectPublicKeyInfo without the PEM lines, as Airtel hands it out. Returns
 * `undefined` for anything that is no RSA key of 1024 bits or more.
 */
export function parsePublicKey(text: string): PublicKey | undefined {
  try {
    const key = text.includes('BEGIN PUBLIC KEY')
      ? createPublicKey(text)
      : createPublicKey({ key: Buffer.from(text, 'base64'), format: 'der', type: 'spki' });
    const bits = key.asymmetricKeyType === 'rsa' ? (key.asymmetricKeyDetails?.modulusLength ?? 0) : 0;
    return bits < FEWEST_BITS ? undefined : { key, blockBytes: Math.ceil(bits / 8) };
  } catch {
    return undefined;
  }
}

/**
 * Encrypts a short text for Airtel, as base64. Padding is random, so two runs differ. Returns `undefined` where the text is too
 * long for the key with that padding. Source: docs/providers/airtel-money.md#pin
 */
export function encryptText(text: string, { key, blockBytes }: PublicKey, padding: Padding, random: Random) {
  const block = padText(Buffer.from(text), padding, blockBytes, random);
  if (block === undefined) return undefined;
  return publicEncrypt({ key, padding: constants.RSA_NO_PADDING }, block).toString('base64');
}
