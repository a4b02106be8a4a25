import { constants, createHash, createPrivateKey, type KeyObject, privateDecrypt } from 'node:crypto';

/** A hash that OAEP is used with. */
export type OaepHash = 'sha1' | 'sha256';

/** How a text was padded before it was encrypted with RSA. */
export type RsaPadding =
  | { readonly kind: 'pkcs1' }
  /** The hash of the label, and the one inside the mask: not every library uses one for both. */
  | { readonly kind: 'oaep'; readonly hash: OaepHash; readonly mgf1Hash: OaepHash };

/** Reads what was encrypted with a public key; `undefined` for what was padded otherwise, or is no ciphertext of that key. */
export type ReadSecret = (base64: string) => string | undefined;

/**
 * Makes the reader of one key and padding. The padding is taken off here: the library answers a wrong one with random bytes
 * or refuses PKCS#1 altogether, and it knows one hash for both places in OAEP.
 * @param privateKey PEM.
 */
export function createSecretReader(privateKey: string, padding: RsaPadding): ReadSecret {
  const key: KeyObject = createPrivateKey(privateKey);
  const keyBytes = (key.asymmetricKeyDetails?.modulusLength ?? 0) / 8;
  return (base64) => {
    const cipher = Buffer.from(base64, 'base64');
    if (cipher.length !== keyBytes) return undefined;
    const padded = decrypt(key, cipher);
    if (padded === undefined) return undefined;
    return textOf(padding.kind === 'pkcs1' ? stripPkcs1(padded) : stripOaep(padded, padding));
  };
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** One in some 270 OAEP blocks begins as PKCS#1 does: what comes out of it then is no text that anybody could have typed. */
function textOf(bytes: Buffer | undefined): string | undefined {
  if (bytes === undefined) return undefined;
  try {
    const text = utf8.decode(bytes);
    return /\p{Cc}/u.test(text) ? undefined : text;
  } catch {
    return undefined;
  }
}

/** `undefined` for a number that is not below the modulus. */
function decrypt(key: KeyObject, cipher: Buffer): Buffer | undefined {
  try {
    return privateDecrypt({ key, padding: constants.RSA_NO_PADDING }, cipher);
  } catch {
    return undefined;
  }
}

/** RFC 8017, 7.2.2: 00 02, at least eight bytes that are not zero, 00, the text. */
function stripPkcs1(padded: Buffer): Buffer | undefined {
  const end = padded.indexOf(0, 2);
  if (padded[0] !== 0 || padded[1] !== 2 || end < 10) return undefined;
  return padded.subarray(end + 1);
}

/** RFC 8017, 7.1.2, with an empty label. */
function stripOaep(
  padded: Buffer,
  { hash, mgf1Hash }: { readonly hash: OaepHash; readonly mgf1Hash: OaepHash },
): Buffer | undefined {
  const labelHash = createHash(hash).digest();
  const seedEnd = 1 + labelHash.length;
  const maskedData = padded.subarray(seedEnd);
  const seed = xor(padded.subarray(1, seedEnd), maskOf(maskedData, labelHash.length, mgf1Hash));
  const data = xor(maskedData, maskOf(seed, maskedData.length, mgf1Hash));
  const start = data.indexOf(1, labelHash.length);
  const isWhole =
    padded[0] === 0 &&
    start >= 0 &&
    data.subarray(0, labelHash.length).equals(labelHash) &&
    data.subarray(labelHash.length, start).every((byte) => byte === 0);
  return isWhole ? data.subarray(start + 1) : undefined;
}

/** MGF1 of RFC 8017, B.2.1. */
function maskOf(seed: Buffer, length: number, hash: OaepHash): Buffer {
  const blocks: Buffer[] = [];
  const counter = Buffer.alloc(4);
  for (let size = 0, index = 0; size < length; index++) {
    counter.writeUInt32BE(index);
    const block = createHash(hash).update(seed).update(counter).digest();
    blocks.push(block);
    size += block.length;
  }
  return Buffer.concat(blocks).subarray(0, length);
}

function xor(left: Buffer, right: Buffer): Buffer {
  const result = Buffer.from(left);
  for (const [index, byte] of right.entries()) result[index] = (result[index] ?? 0) ^ byte;
  return result;
}
