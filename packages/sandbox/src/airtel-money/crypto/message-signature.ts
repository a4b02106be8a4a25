import { createCipheriv } from 'node:crypto';

import type { HttpRequest } from '@canza/core';

import type { ReadSecret } from '../../rsa-padding.ts';
import { headerOf } from '../../wire.ts';

const KEY_BYTES = 32;
const IV_BYTES = 16;

/** What the headers of a message say about its body. */
export type SignatureCheck = 'absent' | 'right' | 'wrong';

/**
 * Checks `x-signature`: AES-256-CBC over the very bytes of the body, under the key and IV that `x-key` carries encrypted as
 * `base64(key):base64(iv)`. Source: docs/sandbox/airtel-money.md#message-signing
 */
export function checkSignature(request: HttpRequest, read: ReadSecret): SignatureCheck {
  const signature = headerOf(request, 'x-signature');
  const sealedKey = headerOf(request, 'x-key');
  if (signature === undefined && sealedKey === undefined) return 'absent';
  const [keyText, ivText] = (read(sealedKey ?? '') ?? '').split(':');
  const key = Buffer.from(keyText ?? '', 'base64');
  const iv = Buffer.from(ivText ?? '', 'base64');
  if (key.length !== KEY_BYTES || iv.length !== IV_BYTES) return 'wrong';
  return signature === signBody(request.body ?? '', key, iv) ? 'right' : 'wrong';
}

export function signBody(body: string, key: Buffer, iv: Buffer): string {
  const cipher = createCipheriv('aes-256-cbc', key, iv);
  return Buffer.concat([cipher.update(body, 'utf8'), cipher.final()]).toString('base64');
}
