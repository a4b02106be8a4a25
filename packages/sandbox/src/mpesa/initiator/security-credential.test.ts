import { constants, publicEncrypt } from 'node:crypto';

import { expect, test } from 'vitest';

import { SANDBOX_CERTIFICATE, SANDBOX_PRIVATE_KEY } from './sandbox-key.ts';
import { createCredentialReader } from './security-credential.ts';

const read = createCredentialReader(SANDBOX_PRIVATE_KEY);
const encrypt = (block: Buffer, padding: number): string =>
  publicEncrypt({ key: SANDBOX_CERTIFICATE, padding }, block).toString('base64');

/** A block as PKCS#1 makes it, of a type and with so many bytes of padding. */
const block = (type: number, paddingBytes: number, end = 0): Buffer => {
  const password = Buffer.from('secret');
  const padding = Buffer.alloc(paddingBytes, 0x5a);
  const padded = Buffer.concat([Buffer.from([0, type]), padding, Buffer.from([end]), password]);
  return Buffer.concat([padded, Buffer.alloc(256 - padded.length, 0x5a)]);
};

test('reads a password that was encrypted with the certificate', () => {
  expect(read(encrypt(Buffer.from('Safaricom999!*!'), constants.RSA_PKCS1_PADDING))).toBe('Safaricom999!*!');
});

test('reads nothing from another padding, another type of block, too little padding, or no end of it', () => {
  expect(read(encrypt(Buffer.from('secret'), constants.RSA_PKCS1_OAEP_PADDING))).toBeUndefined();
  expect(read(encrypt(block(2, 8), constants.RSA_NO_PADDING))).toMatch(/^secret/);
  expect(read(encrypt(block(1, 8), constants.RSA_NO_PADDING))).toBeUndefined();
  expect(read(encrypt(block(2, 7), constants.RSA_NO_PADDING))).toBeUndefined();
  expect(read(encrypt(block(2, 8, 0x5a), constants.RSA_NO_PADDING))).toBeUndefined();
});

test('reads nothing from what is no cipher text of this key', () => {
  expect(read('')).toBeUndefined();
  expect(read(Buffer.alloc(128, 1).toString('base64'))).toBeUndefined();
  expect(read(Buffer.alloc(256, 0xff).toString('base64'))).toBeUndefined();
});
