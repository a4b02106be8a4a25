import { constants, createPublicKey, type KeyObject, publicEncrypt } from 'node:crypto';

import { ConfigError, type HttpRequest } from '@canza/core';

const FEWEST_BITS = 2048;

/**
 * Reads the public key of the portal: base64 of a SubjectPublicKeyInfo without armour; PEM is taken too.
 * @throws ConfigError for what is no RSA key of 2048 bits or more.
 * Source: docs/providers/vodacom-mpesa.md#sessions
 */
export function parsePublicKey(text: string, field: string): KeyObject {
  const key = readKey(text.replace(/-----[^-]+-----|\s/g, ''));
  const bits = key?.asymmetricKeyType === 'rsa' ? key.asymmetricKeyDetails?.modulusLength : undefined;
  if (key === undefined || bits === undefined || bits < FEWEST_BITS) {
    throw new ConfigError({ field, expected: 'the public key of the portal: base64 text of an RSA key' });
  }
  return key;
}

/**
 * Encrypts what a bearer is made of, the API key or a session id: RSA with PKCS#1 v1.5 padding, in base64. The padding is random,
 * so two runs differ, and one result may be used for as long as what is in it.
 * Source: docs/providers/vodacom-mpesa.md#sessions
 */
export const encryptBearer = (secret: string, key: KeyObject): string =>
  publicEncrypt({ key, padding: constants.RSA_PKCS1_PADDING }, Buffer.from(secret)).toString('base64');

/** Puts a bearer on a request, and the origin that the application is registered with. */
export const authorise = (request: HttpRequest, bearer: string, origin: string): HttpRequest => ({
  ...request,
  headers: { ...request.headers, authorization: `Bearer ${bearer}`, origin },
});

function readKey(base64: string): KeyObject | undefined {
  try {
    return createPublicKey({ key: Buffer.from(base64, 'base64'), format: 'der', type: 'spki' });
  } catch {
    return undefined;
  }
}
