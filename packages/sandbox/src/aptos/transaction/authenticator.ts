import { BcsError, type BcsReader } from '../bcs/reader.ts';
import { ADDRESS_LENGTH, type Address, addressOf } from '../move/address.ts';

/** A key of whichever kind, with its bytes as they stand on the wire. */
export interface AnyKey {
  readonly scheme: 'ed25519' | 'secp256k1_ecdsa' | 'secp256r1_ecdsa';
  readonly key: Uint8Array;
}

export interface AnySignature {
  readonly scheme: 'ed25519' | 'secp256k1_ecdsa' | 'web_authn';
  readonly signature: Uint8Array;
}

/** Who signs for one account, and how. */
export type AccountAuthenticator =
  | { readonly kind: 'ed25519'; readonly key: Uint8Array; readonly signature: Uint8Array }
  | {
      readonly kind: 'multi-ed25519';
      readonly keys: readonly Uint8Array[];
      readonly threshold: number;
      readonly signatures: readonly Uint8Array[];
      readonly bitmap: Uint8Array;
      /** All keys and the threshold, which the authentication key is made from. */
      readonly keyBytes: Uint8Array;
    }
  | {
      readonly kind: 'single-key';
      readonly key: AnyKey;
      readonly signature: AnySignature;
      /** The key with its variant and length. */
      readonly keyBytes: Uint8Array;
    }
  | {
      readonly kind: 'multi-key';
      readonly keys: readonly AnyKey[];
      readonly threshold: number;
      readonly signatures: readonly AnySignature[];
      readonly bitmap: Uint8Array;
      readonly keyBytes: Uint8Array;
    }
  /** In simulations alone. */
  | { readonly kind: 'none' };

/** How a transaction is signed for all its accounts. */
export interface Authenticator {
  /** The form on the wire: the three first are the sender's alone. */
  readonly kind: 'ed25519' | 'multi-ed25519' | 'single-sender' | 'multi-agent' | 'fee-payer';
  readonly sender: AccountAuthenticator;
  readonly secondaryAddresses: readonly Address[];
  readonly secondaries: readonly AccountAuthenticator[];
  readonly feePayer: { readonly address: Address; readonly authenticator: AccountAuthenticator } | undefined;
}

const readAddress = (reader: BcsReader): Address => addressOf(reader.fixed(ADDRESS_LENGTH));

/** @throws BcsError */
export function readAuthenticator(reader: BcsReader): Authenticator {
  const alone = (kind: Authenticator['kind'], sender: AccountAuthenticator): Authenticator => ({
    kind,
    sender,
    secondaryAddresses: [],
    secondaries: [],
    feePayer: undefined,
  });
  const withSecondaries = () => ({
    sender: readAccountAuthenticator(reader),
    secondaryAddresses: reader.vector(() => readAddress(reader)),
    secondaries: reader.vector(() => readAccountAuthenticator(reader)),
  });
  switch (reader.uleb128()) {
    case 0:
      return alone('ed25519', readEd25519(reader));
    case 1:
      return alone('multi-ed25519', readMultiEd25519(reader));
    case 2:
      return { kind: 'multi-agent', ...withSecondaries(), feePayer: undefined };
    case 3: {
      const signers = withSecondaries();
      const address = readAddress(reader);
      return { kind: 'fee-payer', ...signers, feePayer: { address, authenticator: readAccountAuthenticator(reader) } };
    }
    case 4:
      return alone('single-sender', readAccountAuthenticator(reader));
    default:
      throw new BcsError('invalid variant of TransactionAuthenticator');
  }
}

function readAccountAuthenticator(reader: BcsReader): AccountAuthenticator {
  switch (reader.uleb128()) {
    case 0:
      return readEd25519(reader);
    case 1:
      return readMultiEd25519(reader);
    case 2: {
      const from = reader.position;
      const key = readAnyKey(reader);
      const keyBytes = reader.slice(from, reader.position);
      return { kind: 'single-key', key, keyBytes, signature: readAnySignature(reader) };
    }
    case 3: {
      const from = reader.position;
      const keys = reader.vector(() => readAnyKey(reader));
      const threshold = reader.u8();
      const keyBytes = reader.slice(from, reader.position);
      const signatures = reader.vector(() => readAnySignature(reader));
      return { kind: 'multi-key', keys, threshold, keyBytes, signatures, bitmap: reader.bytes() };
    }
    case 4:
      return { kind: 'none' };
    default:
      throw new BcsError('invalid variant of AccountAuthenticator');
  }
}

const KEY_LENGTH = 32;
const SIGNATURE_LENGTH = 64;
const BITMAP_LENGTH = 4;

function readSized(reader: BcsReader, length: number): Uint8Array {
  const bytes = reader.bytes();
  if (bytes.length !== length) throw new BcsError('wrong length of a key or signature');
  return bytes;
}

const readEd25519 = (reader: BcsReader): AccountAuthenticator => ({
  kind: 'ed25519',
  key: readSized(reader, KEY_LENGTH),
  signature: readSized(reader, SIGNATURE_LENGTH),
});

const readMultiEd25519 = (reader: BcsReader): AccountAuthenticator => multiEd25519(reader.bytes(), reader.bytes());

/** Keys and signatures of the older schemes, as their bytes stand on the wire. @throws BcsError */
export function authenticatorOf(
  kind: 'ed25519' | 'multi-ed25519',
  key: Uint8Array,
  signature: Uint8Array,
): AccountAuthenticator {
  if (kind === 'multi-ed25519') return multiEd25519(key, signature);
  if (key.length !== KEY_LENGTH || signature.length !== SIGNATURE_LENGTH) {
    throw new BcsError('wrong length of a key or signature');
  }
  return { kind, key, signature };
}

function multiEd25519(keyBytes: Uint8Array, signatureBytes: Uint8Array): AccountAuthenticator {
  const keys = cut(keyBytes, KEY_LENGTH, 1);
  const signatures = cut(signatureBytes, SIGNATURE_LENGTH, BITMAP_LENGTH);
  const bitmap = signatureBytes.subarray(-BITMAP_LENGTH);
  return { kind: 'multi-ed25519', keys, threshold: keyBytes.at(-1) ?? 0, signatures, bitmap, keyBytes };
}

/** Pieces of one length, with something of another length behind the last. */
function cut(bytes: Uint8Array, length: number, tail: number): readonly Uint8Array[] {
  const count = (bytes.length - tail) / length;
  if (!Number.isInteger(count) || count < 0) throw new BcsError('wrong length of keys or signatures');
  return Array.from({ length: count }, (_, index) => bytes.subarray(index * length, (index + 1) * length));
}

const KEY_SCHEMES = ['ed25519', 'secp256k1_ecdsa', 'secp256r1_ecdsa'] as const;
const SIGNATURE_SCHEMES = ['ed25519', 'secp256k1_ecdsa', 'web_authn'] as const;

function readAnyKey(reader: BcsReader): AnyKey {
  const scheme = KEY_SCHEMES[reader.uleb128()];
  if (scheme === undefined) throw new BcsError('keys of this kind cannot be verified offline');
  return { scheme, key: readSized(reader, scheme === 'ed25519' ? KEY_LENGTH : 65) };
}

function readAnySignature(reader: BcsReader): AnySignature {
  const scheme = SIGNATURE_SCHEMES[reader.uleb128()];
  if (scheme === undefined) throw new BcsError('signatures of this kind cannot be verified offline');
  return { scheme, signature: scheme === 'web_authn' ? reader.bytes() : readSized(reader, SIGNATURE_LENGTH) };
}

/** Which of the keys signed: bit 0 is the highest of the first byte. */
export function bitsOf(bitmap: Uint8Array): readonly number[] {
  const bits: number[] = [];
  for (const [index, byte] of bitmap.entries()) {
    for (let bit = 0; bit < 8; bit++) if ((byte & (0x80 >> bit)) !== 0) bits.push(index * 8 + bit);
  }
  return bits;
}
