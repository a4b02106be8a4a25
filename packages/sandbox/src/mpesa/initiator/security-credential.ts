import { createSecretReader, type ReadSecret } from '../../rsa-padding.ts';

/**
 * Reads security credentials: the initiator's password under PKCS#1 v1.5, or nothing when it was not encrypted the way M-PESA
 * asks, so that OAEP or a password that was base64-encoded first can be told from a wrong password.
 * @param privateKey PEM.
 */
export const createCredentialReader = (privateKey: string): ReadSecret =>
  createSecretReader(privateKey, { kind: 'pkcs1' });

/** The base64 of 256 bytes: what a credential of a 2048-bit key looks like. */
export const looksLikeCredential = (value: unknown): value is string =>
  typeof value === 'string' && /^[A-Za-z0-9+/]{342}==$/.test(value);
