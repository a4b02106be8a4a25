import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import { BcsWriter } from '../bcs/writer.ts';
import { type Address, addressBytes } from '../move/address.ts';
import { type AccountAuthenticator, type AnyKey, type AnySignature, bitsOf } from './authenticator.ts';
import { authenticationKey, KEY_SCHEME, RAW_TRANSACTION_PREFIX, RAW_TRANSACTION_WITH_DATA_PREFIX } from './hashes.ts';
import type { SignedTransaction } from './signed-transaction.ts';

/** Whether every signature of a transaction is right; whether the keys are those of the accounts is another question. */
export function isRightlySigned(transaction: SignedTransaction): boolean {
  const { rawBytes, authenticator } = transaction;
  const { kind, sender, secondaries, secondaryAddresses, feePayer } = authenticator;
  if (kind !== 'multi-agent' && kind !== 'fee-payer') {
    return isSignedBy(sender, Buffer.concat([RAW_TRANSACTION_PREFIX, rawBytes]));
  }
  const signers = [sender, ...secondaries];
  if (feePayer === undefined) {
    const message = messageWithData(0, rawBytes, secondaryAddresses);
    return signers.every((signer) => isSignedBy(signer, message));
  }
  const message = messageWithData(1, rawBytes, secondaryAddresses, feePayer.address);
  if (!isSignedBy(feePayer.authenticator, message)) return false;
  // Who signs before the payer is known signs over the address 0x0.
  let open: Uint8Array | undefined;
  return signers.every(
    (signer) =>
      isSignedBy(signer, message) ||
      isSignedBy(signer, (open ??= messageWithData(1, rawBytes, secondaryAddresses, NOBODY))),
  );
}

/** What everybody signs of a transaction of several accounts, in which each pays for itself. */
export const signingMessageWithData = (rawBytes: Uint8Array, secondaryAddresses: readonly Address[]): Uint8Array =>
  messageWithData(0, rawBytes, secondaryAddresses);

const NOBODY: Address = `0x${'0'.repeat(64)}`;

/** The message that is signed where more than one account takes part. */
function messageWithData(
  variant: 0 | 1,
  rawBytes: Uint8Array,
  secondaryAddresses: readonly Address[],
  feePayer?: Address,
): Uint8Array {
  const writer = new BcsWriter().fixed(RAW_TRANSACTION_WITH_DATA_PREFIX).uleb128(variant).fixed(rawBytes);
  writer.vector(secondaryAddresses, (each) => writer.fixed(addressBytes(each)));
  if (feePayer !== undefined) writer.fixed(addressBytes(feePayer));
  return writer.finish();
}

/** Whether an account's signatures are right, over a message of whatever kind. */
export function isSignedBy(signer: AccountAuthenticator, message: Uint8Array): boolean {
  switch (signer.kind) {
    case 'ed25519':
      return isEd25519(signer.key, message, signer.signature);
    case 'multi-ed25519':
      return isSignedByEnough(signer, (key, signature) => isEd25519(key, message, signature));
    case 'single-key':
      return isAny(signer.key, message, signer.signature);
    case 'multi-key':
      return isSignedByEnough(signer, (key, signature) => isAny(key, message, signature));
    case 'none':
      return false;
  }
}

interface ManyKeys<Key, Signature> {
  readonly keys: readonly Key[];
  readonly threshold: number;
  readonly signatures: readonly Signature[];
  readonly bitmap: Uint8Array;
}

function isSignedByEnough<Key, Signature>(
  { keys, threshold, signatures, bitmap }: ManyKeys<Key, Signature>,
  isRight: (key: Key, signature: Signature) => boolean,
): boolean {
  const signed = bitsOf(bitmap);
  if (threshold === 0 || signed.length !== signatures.length || signed.length < threshold) return false;
  return signatures.every((signature, index) => {
    const key = keys[signed[index] ?? -1];
    return key !== undefined && isRight(key, signature);
  });
}

function isAny({ scheme, key }: AnyKey, message: Uint8Array, { scheme: of, signature }: AnySignature): boolean {
  if (scheme === 'ed25519' && of === 'ed25519') return isEd25519(key, message, signature);
  return scheme === 'secp256k1_ecdsa' && of === 'secp256k1_ecdsa' && isSecp256k1(key, message, signature);
}

const ED25519_HEADER = Buffer.from('302a300506032b6570032100', 'hex');
const SECP256K1_HEADER = Buffer.from('3056301006072a8648ce3d020106052b8104000a034200', 'hex');
const HALF_ORDER = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0n;

function isEd25519(key: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  const parsed = keyObject(ED25519_HEADER, key);
  return parsed !== undefined && verify(null, message, parsed, signature);
}

function isSecp256k1(key: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  // Of the two signatures that fit, the chain takes the one with the smaller half.
  if (BigInt(`0x${Buffer.from(signature.subarray(32)).toString('hex')}`) > HALF_ORDER) return false;
  const parsed = keyObject(SECP256K1_HEADER, key);
  return parsed !== undefined && verify('sha3-256', message, { key: parsed, dsaEncoding: 'ieee-p1363' }, signature);
}

/** To read a key takes longer than to verify with it, and accounts sign more than once. */
const parsedKeys = new Map<string, KeyObject>();
const MOST_PARSED_KEYS = 4_096;

function keyObject(header: Buffer, key: Uint8Array): KeyObject | undefined {
  const der = Buffer.concat([header, key]);
  const name = der.toString('latin1');
  const known = parsedKeys.get(name);
  if (known !== undefined) return known;
  try {
    const parsed = createPublicKey({ key: der, format: 'der', type: 'spki' });
    if (parsedKeys.size >= MOST_PARSED_KEYS) parsedKeys.clear();
    parsedKeys.set(name, parsed);
    return parsed;
  } catch {
    return undefined;
  }
}

/** The authentication key that these keys stand for; `undefined` where no keys are shown, as in a simulation. */
export function authenticationKeyOf(signer: AccountAuthenticator): Address | undefined {
  if (signer.kind === 'none') return undefined;
  return authenticationKey(signer.kind === 'ed25519' ? signer.key : signer.keyBytes, KEY_SCHEME[signer.kind]);
}
