import { constants, generateKeyPairSync, privateDecrypt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { inspect } from 'node:util';

import { silentLogger } from '@canza/core';
import { createScriptedTransport, createSeededRandom, createTurnedClock } from '@canza/core/testing';
import { expect, test } from 'vitest';

import { SANDBOX } from '../../test/mpesa.ts';
import { mpesa } from './provider.ts';
import { encryptPassword, parseCredentialKey } from './security-credential.ts';

const PASSWORD = 'Safaricom999!*!';
const certificate = readFileSync(
  new URL('../../../../fixtures/mpesa/certificates/initiator-2048.pem', import.meta.url),
  'utf8',
);

const rsa = (modulusLength: number) =>
  generateKeyPairSync('rsa', {
    modulusLength,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });

const at = (nowMs: number) => ({
  transport: createScriptedTransport(),
  clock: createTurnedClock(nowMs),
  random: createSeededRandom(1),
  logger: silentLogger,
});

const withInitiator = (initiator: object) =>
  mpesa({ ...SANDBOX, initiator: { name: 'testapi', password: PASSWORD, ...initiator } });

test('encrypts the plain bytes of the password as M-PESA decrypts them: PKCS#1 v1.5, 344 characters', () => {
  const { publicKey, privateKey } = rsa(2048);
  const credential = encryptPassword(PASSWORD, parseCredentialKey(publicKey));
  expect(credential).toHaveLength(344);
  const plain = privateDecrypt(
    { key: privateKey, padding: constants.RSA_PKCS1_PADDING },
    Buffer.from(credential, 'base64'),
  );
  expect(plain.toString()).toBe(PASSWORD);
});

test('takes a certificate, and the finished credential in its place', () => {
  const nowMs = Date.UTC(2027, 0, 1);
  expect(withInitiator({ certificate })(at(nowMs)).capabilities.refund).toBe('supported');
  const securityCredential = `${'A'.repeat(342)}==`;
  expect(withInitiator({ password: undefined, securityCredential })(at(nowMs)).capabilities.refund).toBe('supported');
});

test.each([
  ['has ended', Date.UTC(2127, 0, 1), 'it ended 2126-10-30'],
  ['has not begun', Date.UTC(2020, 0, 1), 'it begins 2026-11-23'],
])('refuses at the start a certificate that %s', (_what, nowMs, why) => {
  const factory = withInitiator({ certificate });
  expect(() => factory(at(nowMs))).toThrow(
    expect.objectContaining({
      code: 'CONFIG_INVALID',
      field: 'mpesa.initiator.certificate',
      expected: expect.stringContaining(why),
    }),
  );
});

test.each<[string, object, string]>([
  ['a key of 1024 bits', { certificate: rsa(1024).publicKey }, 'certificate'],
  [
    'a key that is not RSA',
    {
      certificate: generateKeyPairSync('ec', {
        namedCurve: 'P-256',
        publicKeyEncoding: { type: 'spki', format: 'pem' },
        privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
      }).publicKey,
    },
    'certificate',
  ],
  ['what is no certificate', { certificate: 'MIIC…' }, 'certificate'],
  ['no certificate', {}, 'certificate'],
  ['no password', { certificate, password: undefined }, 'password'],
  ['an empty password', { certificate, password: '' }, 'password'],
  ['a password longer than the key', { certificate, password: 'x'.repeat(246) }, 'password'],
  ['a password and a credential', { securityCredential: `${'A'.repeat(342)}==` }, 'password'],
  ['a credential that is none', { password: undefined, securityCredential: 'Safaricom999!*!' }, 'securityCredential'],
  ['no name', { certificate, name: undefined }, 'name'],
])('refuses %s at once, naming the field and not the value', (_what, initiator, field) => {
  let error: unknown;
  try {
    withInitiator(initiator);
  } catch (thrown) {
    error = thrown;
  }
  expect(error).toMatchObject({ code: 'CONFIG_INVALID', field: `mpesa.initiator.${field}` });
  expect(inspect(error, { depth: 9 })).not.toContain(PASSWORD);
});
