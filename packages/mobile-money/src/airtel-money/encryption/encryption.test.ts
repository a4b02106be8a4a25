import { constants, createDecipheriv, privateDecrypt } from 'node:crypto';

import { createSeededRandom, createTurnedClock } from '@canza/core/testing';
import { expect, test } from 'vitest';

import { FIRST_KEYS, fixture, PIN, SECOND_KEYS, thrownBy } from '../../../test/airtel-money.ts';
import { requestTextOf } from '../../../test/fixtures.ts';
import { keyLifetimeMs, parseEncryptionKey } from './keys.ts';
import { type Padding, padText } from './padding.ts';
import { encryptText, type PublicKey, parsePublicKey } from './public-key.ts';
import { messageKeyText, signatureOf, signRequest } from './signing.ts';

const random = createSeededRandom(7);

function keyOf(text: string): PublicKey {
  const key = parsePublicKey(text);
  if (key === undefined) throw new Error('No key.');
  return key;
}

const rawDecrypt = (ciphertext: string, { privateKey }: typeof SECOND_KEYS): Buffer =>
  privateDecrypt({ key: privateKey, padding: constants.RSA_NO_PADDING }, Buffer.from(ciphertext, 'base64'));

/** What the other side does, which has its digests for label and mask apart. */
async function withoutOaep(block: Buffer, hash: string, mgf1Hash: string): Promise<string> {
  const { createHash } = await import('node:crypto');
  const size = hash === 'sha1' ? 20 : 32;
  const mgf = (seed: Buffer, length: number): Buffer => {
    let mask = Buffer.alloc(0);
    for (let counter = 0; mask.length < length; counter++) {
      mask = Buffer.concat([
        mask,
        createHash(mgf1Hash)
          .update(seed)
          .update(Buffer.from([0, 0, 0, counter]))
          .digest(),
      ]);
    }
    return mask.subarray(0, length);
  };
  const xor = (left: Buffer, right: Buffer) => Buffer.from(left.map((byte, at) => byte ^ (right[at] ?? 0)));
  const data = block.subarray(1 + size);
  const seed = xor(block.subarray(1, 1 + size), mgf(data, size));
  const plain = xor(data, mgf(seed, data.length));
  expect(plain.subarray(0, size)).toEqual(createHash(hash).digest());
  return plain.subarray(plain.indexOf(1, size) + 1).toString();
}

test('encrypts a PIN with PKCS#1 v1.5 as the first generation has it: 172 characters', () => {
  const ciphertext = encryptText(PIN, keyOf(FIRST_KEYS.publicText), 'pkcs1', random) ?? '';
  expect(ciphertext).toHaveLength(172);
  const block = rawDecrypt(ciphertext, FIRST_KEYS);
  expect(block.subarray(0, 2)).toEqual(Buffer.from([0, 2]));
  const end = block.indexOf(0, 2);
  expect(end).toBeGreaterThanOrEqual(10);
  expect(block.subarray(end + 1).toString()).toBe(PIN);
});

test.each(['sha1', 'sha256'] as const)('encrypts a PIN with OAEP over %s alone, as Node reads it', (hash) => {
  const ciphertext = encryptText(PIN, keyOf(SECOND_KEYS.publicText), { hash, mgf1Hash: hash }, random) ?? '';
  expect(ciphertext).toHaveLength(344);
  const plain = privateDecrypt({ key: SECOND_KEYS.privateKey, oaepHash: hash }, Buffer.from(ciphertext, 'base64'));
  expect(plain.toString()).toBe(PIN);
});

test.each([
  ['sha256', 'sha1'],
  ['sha256', 'sha256'],
  ['sha1', 'sha256'],
] as const)('encrypts a PIN with OAEP over %s and a mask over %s', async (hash, mgf1Hash) => {
  const ciphertext = encryptText(PIN, keyOf(SECOND_KEYS.publicText), { hash, mgf1Hash }, random) ?? '';
  expect(await withoutOaep(rawDecrypt(ciphertext, SECOND_KEYS), hash, mgf1Hash)).toBe(PIN);
});

test('never encrypts alike twice', () => {
  const key = keyOf(FIRST_KEYS.publicText);
  expect(encryptText(PIN, key, 'pkcs1', random)).not.toBe(encryptText(PIN, key, 'pkcs1', random));
});

test.each<[Padding, number, number]>([
  ['pkcs1', 128, 117],
  ['pkcs1', 256, 245],
  [{ hash: 'sha256', mgf1Hash: 'sha1' }, 128, 62],
  [{ hash: 'sha1', mgf1Hash: 'sha1' }, 128, 86],
])('knows what fits: %j in %i bytes holds %i', (padding, blockBytes, longest) => {
  expect(padText(Buffer.alloc(longest, 65), padding, blockBytes, random)).toHaveLength(blockBytes);
  expect(padText(Buffer.alloc(longest + 1, 65), padding, blockBytes, random)).toBeUndefined();
});

const COUNTING = {
  key: Uint8Array.from({ length: 32 }, (_, at) => at),
  iv: Uint8Array.from({ length: 16 }, (_, at) => 15 - at),
};

test('signs the exact bytes of a body, as the known answer has it', () => {
  expect(signatureOf(requestTextOf('airtel-money/x02-collection'), COUNTING)).toBe(
    'AY7SW2RuBPWu5DzC6AhQFuXaEM1eJHE/yh7XebIPLralUBQoDmASjywjA0CMQQOU6XiVZvoUEKNNnyJJU/WrSZ6Ak19+HG/QL/WrvAdphAVSZMfJrCdIOFQ5/ODvcKQdv4StbDVRfu5ONmYcUEIiHGTa/CHNqbxcobRRiphyCbqXXjcOao+CSAoOftBt/OMqNdALW5L1Qod5JW1OqwIcU6h++PiHedBx/tU1q9/P0cs=',
  );
  expect(messageKeyText(COUNTING)).toBe('AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=:Dw4NDAsKCQgHBgUEAwIBAA==');
});

test('lets whoever holds the private key check a signature, and signs no two messages with one key', () => {
  const request = { method: 'POST', url: 'https://x.example', headers: {}, body: '{"é":1}' } as const;
  const key = keyOf(SECOND_KEYS.publicText);
  const signed = signRequest(request, key, { hash: 'sha256', mgf1Hash: 'sha256' }, random);
  const wrapped = Buffer.from(signed.headers['x-key'] ?? '', 'base64');
  const text = privateDecrypt({ key: SECOND_KEYS.privateKey, oaepHash: 'sha256' }, wrapped).toString();
  expect(text).toHaveLength(69);
  const [aesKey = '', iv = ''] = text.split(':');
  const decipher = createDecipheriv('aes-256-cbc', Buffer.from(aesKey, 'base64'), Buffer.from(iv, 'base64'));
  const body = Buffer.concat([decipher.update(signed.headers['x-signature'] ?? '', 'base64'), decipher.final()]);
  expect(body.toString()).toBe(request.body);
  expect(signed.body).toBe(request.body);
  expect(signRequest(request, key, 'pkcs1', random).headers['x-signature']).not.toBe(signed.headers['x-signature']);
});

test('says so where a signing key does not fit: 1024 bits with OAEP and SHA-256', () => {
  const request = { method: 'POST', url: 'https://x.example', headers: {}, body: '{}' } as const;
  const padding: Padding = { hash: 'sha256', mgf1Hash: 'sha1' };
  expect(thrownBy(() => signRequest(request, keyOf(FIRST_KEYS.publicText), padding, random))).toMatchObject({
    code: 'CONFIG_INVALID',
    field: 'airtelMoney.padding',
  });
});

const withKey = (body: string) => ({ ...fixture('x19-encryption-key'), body });

test('reads a key below data, and at the top as one host has it', () => {
  const body = fixture('x19-encryption-key').body.replace('<base64 SPKI>', FIRST_KEYS.publicText);
  const read = { keyId: '100', key: FIRST_KEYS.publicText, validUpTo: '12-08-2024 21:29:26' };
  expect(parseEncryptionKey(withKey(body), 'airtel-money')).toEqual(read);
  const { data } = JSON.parse(body) as { data: object };
  expect(parseEncryptionKey(withKey(JSON.stringify(data)), 'airtel-money')).toEqual(read);
});

test.each(['{"data":{"key_id":1,"key":"MIGf"}}', '<html>', '', '{"data":{}}'])('takes %j for no key', (body) => {
  expect(thrownBy(() => parseEncryptionKey(withKey(body), 'airtel-money'))).toMatchObject({ moneyMoved: 'no' });
});

test('uses a key for an hour, and less where it may end sooner in some zone', () => {
  const nowMs = Date.UTC(2024, 7, 12);
  const clock = createTurnedClock(nowMs);
  const lifetime = (validUpTo?: string) =>
    keyLifetimeMs({ keyId: '1', key: '', ...(validUpTo === undefined ? {} : { validUpTo }) }, clock.nowMs());
  expect(lifetime('12-09-2024 21:29:26')).toBe(3_600_000);
  expect(lifetime('12-08-2024 14:30:00')).toBe(1_800_000);
  expect(lifetime('11-08-2024 21:29:26')).toBe(1000);
  expect(lifetime('soon')).toBe(3_600_000);
  expect(lifetime()).toBe(3_600_000);
});
