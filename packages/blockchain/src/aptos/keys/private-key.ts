import { createECDH, createHash, createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';

import { type Address, addressOf } from '../address.ts';
import { anyPublicKey, type SingleKeyScheme } from '../transaction/authenticator.ts';

/** The kinds of account that one key can have. `ed25519` is the usual one; a single key may be of either curve. */
export type KeyKind = 'ed25519' | 'single-ed25519' | 'single-secp256k1';

/** A private key as text: `ed25519-priv-0x…`, `secp256k1-priv-0x…`, or 64 bare hex digits for Ed25519. */
const PRIVATE_KEY = /^(?:(ed25519|secp256k1)-priv-)?(?:0x)?([0-9a-fA-F]{64})$/;

/** What such a text must look like, for error messages; never the text itself. */
export const PRIVATE_KEY_EXPECTED =
  'a private key: "ed25519-priv-0x…", "secp256k1-priv-0x…", or 64 hex digits for Ed25519';

export interface ReadKey {
  readonly curve: SingleKeyScheme;
  readonly secret: Uint8Array;
}

/** The curve and the 32 bytes of a private key; `undefined` for what is none. */
export function readPrivateKey(text: string): ReadKey | undefined {
  const [, curve = 'ed25519', hex] = PRIVATE_KEY.exec(text) ?? [];
  if (hex === undefined) return undefined;
  return { curve: curve as SingleKeyScheme, secret: Buffer.from(hex, 'hex') };
}

/** What stands before the 32 bytes in PKCS #8. */
const PKCS8_ED25519 = Buffer.from('302e020100300506032b657004220420', 'hex');

export const ed25519KeyOf = (secret: Uint8Array): KeyObject =>
  createPrivateKey({ key: Buffer.concat([PKCS8_ED25519, secret]), format: 'der', type: 'pkcs8' });

/** The last 32 bytes of the DER form are the key. */
export const ed25519PublicKeyOf = (key: KeyObject): Uint8Array =>
  createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-32);

/** The uncompressed point, 65 bytes. @throws Error when the secret is not below the order of the curve. */
export function secp256k1PublicKeyOf(secret: Uint8Array): Uint8Array {
  const exchange = createECDH('secp256k1');
  exchange.setPrivateKey(secret);
  return exchange.getPublicKey();
}

const AUTHENTICATION_SCHEME = { ed25519: 0, singleKey: 2 } as const;

/**
 * The authentication key of a public key, which is also the address of an account that was never rotated.
 * Source: docs/providers/aptos.md#bcs-and-hashes
 */
export function authenticationKeyOf(kind: KeyKind, publicKey: Uint8Array): Address {
  const hash = createHash('sha3-256');
  if (kind === 'ed25519') hash.update(publicKey).update(Uint8Array.of(AUTHENTICATION_SCHEME.ed25519));
  else {
    const curve = kind === 'single-secp256k1' ? 'secp256k1' : 'ed25519';
    hash.update(anyPublicKey(curve, publicKey)).update(Uint8Array.of(AUTHENTICATION_SCHEME.singleKey));
  }
  return addressOf(hash.digest());
}
