import { createPublicKey } from 'node:crypto';

import { createSecretReader, type ReadSecret } from '../../rsa-padding.ts';
import { SANDBOX_PRIVATE_KEY } from './sandbox-key.ts';

/** The key pair that the portal would show the public half of. */
export interface BearerKey {
  /** Base64 of the SubjectPublicKeyInfo, without PEM lines: 736 characters. */
  readonly publicKey: string;
  /** Reads a bearer: RSA with PKCS#1 v1.5 padding, base64. */
  readonly read: ReadSecret;
}

/** A client sends one bearer many times, and reading one takes milliseconds. */
const REMEMBERED = 64;

export function createBearerKey(): BearerKey {
  const decrypt = createSecretReader(SANDBOX_PRIVATE_KEY, { kind: 'pkcs1' });
  const known = new Map<string, string | undefined>();
  return {
    publicKey: createPublicKey(SANDBOX_PRIVATE_KEY).export({ type: 'spki', format: 'der' }).toString('base64'),
    read(bearer) {
      if (known.has(bearer)) return known.get(bearer);
      const text = decrypt(bearer);
      if (known.size >= REMEMBERED) known.delete(known.keys().next().value ?? '');
      known.set(bearer, text);
      return text;
    },
  };
}
