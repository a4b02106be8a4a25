import { constants, createPublicKey, type KeyObject, publicEncrypt, X509Certificate } from 'node:crypto';

import { ConfigError } from '@canza/core';

const FIELD = 'mpesa.initiator.certificate';
const FEWEST_BITS = 2048;
/** What PKCS#1 v1.5 padding takes of a block. */
const PADDING_BYTES = 11;

/** A certificate of M-PESA, or a public key in the place of one. */
export interface CredentialKey {
  readonly key: KeyObject;
  /** Milliseconds since 1970; left out for a bare public key. */
  readonly validity?: { readonly fromMs: number; readonly untilMs: number };
}

/**
 * Reads the certificate with which the initiator's password is encrypted. Each environment has its own, and they are replaced
 * now and then, so the user brings it. An emulator's bare public key is taken too.
 * @throws ConfigError for what is not PEM, or not an RSA key of 2048 bits or more.
 * Source: docs/providers/mpesa.md#security-credential
 */
export function parseCredentialKey(pem: string): CredentialKey {
  const read = readPem(pem);
  const bits = read.key.asymmetricKeyType === 'rsa' ? read.key.asymmetricKeyDetails?.modulusLength : undefined;
  if (bits === undefined) throw new ConfigError({ field: FIELD, expected: 'a certificate with an RSA key' });
  if (bits < FEWEST_BITS) {
    throw new ConfigError({ field: FIELD, expected: `an RSA key of ${FEWEST_BITS} bits or more, not ${bits}` });
  }
  return read;
}

/**
 * Encrypts the password of the initiator: RSA with PKCS#1 v1.5 padding over its plain bytes, in base64. The padding is random, so
 * two runs differ; one result may be used for good.
 * @throws ConfigError when the password is longer than a block of the key.
 * Source: docs/providers/mpesa.md#security-credential
 */
export function encryptPassword(password: string, { key }: CredentialKey): string {
  const longest = (key.asymmetricKeyDetails?.modulusLength ?? 0) / 8 - PADDING_BYTES;
  const bytes = Buffer.from(password);
  if (bytes.length > longest) {
    throw new ConfigError({ field: 'mpesa.initiator.password', expected: `a password of at most ${longest} bytes` });
  }
  return publicEncrypt({ key, padding: constants.RSA_PKCS1_PADDING }, bytes).toString('base64');
}

/** @throws ConfigError for a certificate that is not valid at that moment, saying since or until when. */
export function assertValidAt(validity: CredentialKey['validity'], nowMs: number): void {
  if (validity === undefined) return;
  const { fromMs, untilMs } = validity;
  if (nowMs > untilMs) {
    throw new ConfigError({ field: FIELD, expected: `a certificate that is still valid: it ended ${dayOf(untilMs)}` });
  }
  if (nowMs < fromMs) {
    throw new ConfigError({
      field: FIELD,
      expected: `a certificate that is valid already: it begins ${dayOf(fromMs)}`,
    });
  }
}

function readPem(pem: string): CredentialKey {
  try {
    if (pem.includes('BEGIN PUBLIC KEY')) return { key: createPublicKey(pem) };
    const certificate = new X509Certificate(pem);
    return {
      key: certificate.publicKey,
      validity: { fromMs: Date.parse(certificate.validFrom), untilMs: Date.parse(certificate.validTo) },
    };
  } catch {
    throw new ConfigError({ field: FIELD, expected: 'the M-PESA certificate of this environment, in PEM form' });
  }
}

const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
