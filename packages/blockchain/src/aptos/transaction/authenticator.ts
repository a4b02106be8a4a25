import { type Address, addressBytes } from '../address.ts';
import { BcsWriter } from '../bcs/writer.ts';

/** A BCS `AccountAuthenticator`: which key signed, and the signature. One account's part of a transaction's authenticator. */
export type AccountAuthenticator = Uint8Array;

const ACCOUNT = { ed25519: 0, singleKey: 2 } as const;
const TRANSACTION = { feePayer: 3, singleSender: 4 } as const;
/** Variants of keys and of signatures within a single key: the numbers are the same in both. */
const ANY = { ed25519: 0, secp256k1: 1 } as const;

export type SingleKeyScheme = keyof typeof ANY;

export const ed25519Authenticator = (publicKey: Uint8Array, signature: Uint8Array): AccountAuthenticator =>
  new BcsWriter(99).uleb128(ACCOUNT.ed25519).bytes(publicKey).bytes(signature).done();

export const singleKeyAuthenticator = (
  scheme: SingleKeyScheme,
  publicKey: Uint8Array,
  signature: Uint8Array,
  signatureScheme = scheme,
): AccountAuthenticator =>
  new BcsWriter(136)
    .uleb128(ACCOUNT.singleKey)
    .raw(anyPublicKey(scheme, publicKey))
    .uleb128(ANY[signatureScheme])
    .bytes(signature)
    .done();

/** What the authentication key of a single-key account is derived from. */
export const anyPublicKey = (scheme: SingleKeyScheme, publicKey: Uint8Array): Uint8Array =>
  new BcsWriter(68).uleb128(ANY[scheme]).bytes(publicKey).done();

/** The fee payer's part, beside the sender's. */
export interface FeePayerAuthenticator {
  readonly address: Address;
  readonly authenticator: AccountAuthenticator;
}

/** Puts raw transaction and authenticators together: the bytes that are submitted and hashed. */
export function assembleSigned(
  rawBytes: Uint8Array,
  sender: AccountAuthenticator,
  feePayer?: FeePayerAuthenticator,
): Uint8Array {
  const writer = new BcsWriter(rawBytes.length + sender.length + (feePayer?.authenticator.length ?? 0) + 40);
  writer.raw(rawBytes);
  if (feePayer !== undefined) {
    writer.uleb128(TRANSACTION.feePayer).raw(sender);
    // No secondary signers: neither addresses nor authenticators.
    writer.uleb128(0).uleb128(0);
    writer.raw(addressBytes(feePayer.address)).raw(feePayer.authenticator);
  } else if (isLegacy(sender)) {
    writer.raw(sender);
  } else {
    writer.uleb128(TRANSACTION.singleSender).raw(sender);
  }
  return writer.done();
}

/** Ed25519 and multi-Ed25519 have the same number and the same fields as an account's authenticator and as a transaction's. */
const isLegacy = (sender: AccountAuthenticator): boolean => sender[0] === 0 || sender[0] === 1;
