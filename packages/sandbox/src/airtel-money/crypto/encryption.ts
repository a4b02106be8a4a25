import { createPublicKey } from 'node:crypto';

import { createSecretReader, type ReadSecret, type RsaPadding } from '../../rsa-padding.ts';
import { SANDBOX_PRIVATE_KEYS } from './sandbox-keys.ts';

/** The paddings that are in use, by a name. Source: docs/sandbox/airtel-money.md#pin */
export const PIN_PADDINGS = {
  /** The first and second generation: 1024 bits. */
  pkcs1: { bits: 1024, padding: { kind: 'pkcs1' } },
  /** "Encryption 2.0" as Java reads its own name: the mask keeps SHA-1. */
  'oaep-sha256-mgf1-sha1': { bits: 2048, padding: { kind: 'oaep', hash: 'sha256', mgf1Hash: 'sha1' } },
  /** "Encryption 2.0" as libraries with one hash for both places do it. */
  'oaep-sha256-mgf1-sha256': { bits: 2048, padding: { kind: 'oaep', hash: 'sha256', mgf1Hash: 'sha256' } },
  /** What PHP does when it is told no hash. */
  'oaep-sha1': { bits: 2048, padding: { kind: 'oaep', hash: 'sha1', mgf1Hash: 'sha1' } },
} as const satisfies Readonly<Record<string, { readonly bits: 1024 | 2048; readonly padding: RsaPadding }>>;

/** How the emulator expects PINs to be padded. */
export type PinPadding = keyof typeof PIN_PADDINGS;

/** The application's key pair, as one padding uses it. */
export interface Encryption {
  /** Base64 of the SubjectPublicKeyInfo, without PEM lines. */
  readonly publicKey: string;
  readonly read: ReadSecret;
}

export function createEncryption(name: PinPadding): Encryption {
  const { bits, padding } = PIN_PADDINGS[name];
  const privateKey = SANDBOX_PRIVATE_KEYS[bits];
  return {
    publicKey: createPublicKey(privateKey).export({ type: 'spki', format: 'der' }).toString('base64'),
    read: createSecretReader(privateKey, padding),
  };
}
