import { constants, createPrivateKey, type KeyObject, privateDecrypt } from 'node:crypto';

/** Reads a security credential: the initiator's password, or nothing when it was not encrypted the way M-PESA asks. */
export type ReadCredential = (credential: string) => string | undefined;

/**
 * PKCS#1 v1.5 over the bytes of the password, base64. The padding is taken off here, because the library answers a wrong
 * one with random bytes, and OAEP or a password that was base64-encoded first has to be told from a wrong password.
 * @param privateKey PEM.
 */
export function createCredentialReader(privateKey: string): ReadCredential {
  const key: KeyObject = createPrivateKey(privateKey);
  const keyBytes = (key.asymmetricKeyDetails?.modulusLength ?? 0) / 8;
  return (credential) => {
    const cipher = Buffer.from(credential, 'base64');
    if (cipher.length !== keyBytes) return undefined;
    const padded = decrypt(key, cipher);
    const end = padded?.indexOf(0, 2) ?? -1;
    if (padded === undefined || padded[0] !== 0 || padded[1] !== 2 || end < 10) return undefined;
    return padded.subarray(end + 1).toString('utf8');
  };
}

/** `undefined` for a number that is not below the modulus. */
function decrypt(key: KeyObject, cipher: Buffer): Buffer | undefined {
  try {
    return privateDecrypt({ key, padding: constants.RSA_NO_PADDING }, cipher);
  } catch {
    return undefined;
  }
}

/** The base64 of 256 bytes: what a credential of a 2048-bit key looks like. */
export const looksLikeCredential = (value: unknown): value is string =>
  typeof value === 'string' && /^[A-Za-z0-9+/]{342}==$/.test(value);
