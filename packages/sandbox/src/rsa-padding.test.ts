import { constants, createPublicKey, publicEncrypt } from 'node:crypto';

import { expect, test } from 'vitest';

import { SANDBOX_PRIVATE_KEYS } from './airtel-money/crypto/sandbox-keys.ts';
import { createSecretReader, type OaepHash, type RsaPadding } from './rsa-padding.ts';

const key = SANDBOX_PRIVATE_KEYS[2048];
const oaep = (hash: OaepHash, mgf1Hash: OaepHash): RsaPadding => ({ kind: 'oaep', hash, mgf1Hash });

/** "1234" as OpenSSL's command line encrypts it with SHA-256 for the label and SHA-1 in the mask, as Java does. */
const MIXED =
  'CJ1vBqY/tl167vLcD7X5Dlz1O/PTohGo/pbCIP7gOa1sic/5bNR+2GpkMVEVzJf4MK4T1E30Zy9uhHe9K7JtG2MQs/sJwtl5LFnFGgcvVuiYOneYUOg4+HrOdk4lQaSpvTNBHIn8wXaBkTcnEWI4z/ISBiDipgqGzUHPK2iffzFnfpEZaGScVDUKe9WUzrSr93vzMV/lwfbdz/DvaXmRsPPvvf1H081xy8bcMrDyyMRbxftFPr9yuFzE+4+E0S6zV7RwsMeQiaFdQvHKtrCS1AhCFUWoDbADfwnYKYXGvXRVWvrx7b+qnuRYQ+sBtNNh3hl+3WaJ8a0ffZGhe1FeRA==';

const ciphertexts: Readonly<Record<string, string>> = {
  pkcs1: encrypt({ padding: constants.RSA_PKCS1_PADDING }),
  'oaep sha1 sha1': encrypt({ padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha1' }),
  'oaep sha256 sha256': encrypt({ padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' }),
  'oaep sha256 sha1': MIXED,
};
const readers: Readonly<Record<string, RsaPadding>> = {
  pkcs1: { kind: 'pkcs1' },
  'oaep sha1 sha1': oaep('sha1', 'sha1'),
  'oaep sha256 sha256': oaep('sha256', 'sha256'),
  'oaep sha256 sha1': oaep('sha256', 'sha1'),
};

/** What an OAEP block looks like that begins, by chance, as PKCS#1 begins: 00 02, some bytes, 00, and noise. */
const looksPadded = Buffer.from([0, 2, ...Array<number>(8).fill(0x5a), 0, ...Array<number>(245).fill(0xa5)]);

function encrypt(
  options: { padding: number; oaepHash?: string; oaepLabel?: Buffer },
  text = Buffer.from('1234'),
): string {
  return publicEncrypt({ key: createPublicKey(key), ...options }, text).toString('base64');
}

function withOneBitTurned(base64: string): string {
  const bytes = Buffer.from(base64, 'base64');
  bytes.writeUInt8(bytes.readUInt8(255) ^ 1, 255);
  return bytes.toString('base64');
}

test.each(Object.entries(readers))('reads %s, and nothing that was padded otherwise', (name, padding) => {
  const read = createSecretReader(key, padding);
  const plain = Object.entries(ciphertexts).map(([other, ciphertext]) => [other, read(ciphertext)]);
  expect(plain.filter(([, text]) => text !== undefined)).toEqual([[name, '1234']]);
});

test.each([
  ['a plain PIN', '1234'],
  [
    'a ciphertext with a label',
    encrypt({ padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256', oaepLabel: Buffer.from('pin') }),
  ],
  ['nothing', ''],
  ['a number above the modulus', Buffer.alloc(256, 0xff).toString('base64')],
  ['the ciphertext of a shorter key', Buffer.alloc(128, 1).toString('base64')],
  ['a ciphertext with one bit turned', withOneBitTurned(ciphertexts['pkcs1'] ?? '')],
  [
    'bytes that happen to be padded like PKCS#1 and are no text',
    encrypt({ padding: constants.RSA_NO_PADDING }, looksPadded),
  ],
])('reads nothing out of %s', (_what, base64) => {
  for (const padding of Object.values(readers)) expect(createSecretReader(key, padding)(base64)).toBeUndefined();
});
