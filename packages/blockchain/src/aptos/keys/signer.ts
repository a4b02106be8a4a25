import { type KeyObject, sign } from 'node:crypto';

import { ConfigError } from '@canza/core';

import type { Address } from '../address.ts';
import {
  type AccountAuthenticator,
  ed25519Authenticator,
  type SingleKeyScheme,
  singleKeyAuthenticator,
} from '../transaction/authenticator.ts';
import {
  authenticationKeyOf,
  ed25519KeyOf,
  ed25519PublicKeyOf,
  type KeyKind,
  PRIVATE_KEY_EXPECTED,
  readPrivateKey,
  secp256k1PublicKeyOf,
} from './private-key.ts';

/**
 * Signs for one account. Implement it for a key that lives elsewhere (an HSM, a key service, several keys with a threshold):
 * the authenticator is BCS, so every kind that the chain knows can be written.
 */
export interface AptosSigner {
  readonly address: Address;
  /** That of the key, to be compared with the account's when a network is checked; left out, it is not compared. */
  readonly authenticationKey?: Address;
  /** Signs the message as it is and returns the account's authenticator. */
  sign(message: Uint8Array): AccountAuthenticator | Promise<AccountAuthenticator>;
  /** The same authenticator with a signature of zeros: a node simulates nothing that carries a valid one. */
  readonly simulationAuthenticator: AccountAuthenticator;
}

export interface SignerOptions {
  /** `true` for an Ed25519 key whose account is of the newer single-key kind. secp256k1 always is. */
  readonly singleKey?: boolean;
  /** Where the key was rotated onto an account whose address is not derived from it. */
  readonly address?: Address;
  /** Name of the setting in errors. */
  readonly field?: string;
}

const SIGNATURE_BYTES = 64;

/**
 * Makes a signer of a private key. Ed25519 is signed by Node itself; the SDK is loaded for the first secp256k1 signature only.
 * @throws ConfigError naming the field, never the key.
 */
export function createSigner(
  privateKey: string,
  { singleKey = false, address, field = 'aptos.privateKey' }: SignerOptions = {},
): AptosSigner {
  const read = readPrivateKey(privateKey);
  if (read === undefined) throw new ConfigError({ field, expected: PRIVATE_KEY_EXPECTED });
  if (read.curve === 'ed25519') return new Ed25519Signer(read.secret, singleKey, address);
  try {
    return new Secp256k1Signer(read.secret, address);
  } catch {
    throw new ConfigError({ field, expected: 'a secp256k1 key below the order of the curve' });
  }
}

class Ed25519Signer implements AptosSigner {
  readonly #key: KeyObject;
  readonly #publicKey: Uint8Array;
  readonly #kind: KeyKind;
  readonly address: Address;
  readonly authenticationKey: Address;

  constructor(secret: Uint8Array, singleKey: boolean, address: Address | undefined) {
    this.#key = ed25519KeyOf(secret);
    this.#publicKey = ed25519PublicKeyOf(this.#key);
    this.#kind = singleKey ? 'single-ed25519' : 'ed25519';
    this.authenticationKey = authenticationKeyOf(this.#kind, this.#publicKey);
    this.address = address ?? this.authenticationKey;
  }

  sign(message: Uint8Array): AccountAuthenticator {
    return this.#authenticator(sign(null, message, this.#key));
  }

  get simulationAuthenticator(): AccountAuthenticator {
    return this.#authenticator(new Uint8Array(SIGNATURE_BYTES));
  }

  #authenticator(signature: Uint8Array): AccountAuthenticator {
    return this.#kind === 'ed25519'
      ? ed25519Authenticator(this.#publicKey, signature)
      : singleKeyAuthenticator('ed25519', this.#publicKey, signature);
  }
}

const SECP256K1: SingleKeyScheme = 'secp256k1';

class Secp256k1Signer implements AptosSigner {
  readonly #secret: Uint8Array;
  readonly #publicKey: Uint8Array;
  readonly address: Address;
  readonly authenticationKey: Address;

  constructor(secret: Uint8Array, address: Address | undefined) {
    this.#secret = secret;
    this.#publicKey = secp256k1PublicKeyOf(secret);
    this.authenticationKey = authenticationKeyOf('single-secp256k1', this.#publicKey);
    this.address = address ?? this.authenticationKey;
  }

  /** Deterministic (RFC 6979), so that the same transaction signed twice has one hash. */
  async sign(message: Uint8Array): Promise<AccountAuthenticator> {
    const { Secp256k1PrivateKey } = await import('@aptos-labs/ts-sdk');
    const signature = new Secp256k1PrivateKey(this.#secret, false).sign(message).toUint8Array();
    return singleKeyAuthenticator(SECP256K1, this.#publicKey, signature);
  }

  /** The zeros stand for an Ed25519 signature, as those of the SDK do: nobody verifies them. */
  get simulationAuthenticator(): AccountAuthenticator {
    return singleKeyAuthenticator(SECP256K1, this.#publicKey, new Uint8Array(SIGNATURE_BYTES), 'ed25519');
  }
}
