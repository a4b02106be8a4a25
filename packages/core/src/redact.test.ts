import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { redactText } from './redact.ts';

const SECRETS = ['hunter2', 's3cr 3t,w1th;s1gns', 'pa55"w0rd', 'MTc0Mzc5YmZiMjc5', 'xyz'];
const TOKEN = 'SGWcJPtNtYNPGm6uSYR9yPYrAI3Bm';

describe('what is taken out of a text', () => {
  it.each([
    ['a bearer token', `Request failed: Authorization: Bearer ${TOKEN}`],
    ['a bearer token in JSON', `{"headers":{"Authorization":"Bearer ${TOKEN}"}}`],
    ['a bearer token in a URL', `?authorization=Bearer%20${TOKEN}`],
    ['basic credentials', `authorization: basic ${TOKEN}==`],
    ['a token by its name', `access_token=${TOKEN}&expires_in=3599`],
    ['a key of 28 characters without a name', `key ${TOKEN} is not known`],
    ['credentials in a URL', `connect redis://:${TOKEN}@cache.internal:6379`],
    ['a header of a gateway', `Ocp-Apim-Subscription-Key: ${TOKEN}`],
  ])('%s', (_, text) => {
    expect(redactText(text)).not.toContain(TOKEN);
    expect(redactText(text)).not.toContain(TOKEN.slice(0, 12));
  });

  it.each(SECRETS)('the secret %s in every body that an operator is sent', (secret) => {
    const names = [
      'Password',
      'passkey',
      'client_secret',
      'SecurityCredential',
      'initiatorPassword',
      'pin',
      'userPin',
      'X-Api-Key',
    ];
    for (const name of names) {
      const json = JSON.stringify({ amount: '10', [name]: secret, currency: 'KES' });
      for (const text of [json, JSON.stringify(json), `sent ${JSON.stringify({ body: json })}`]) {
        const shown = redactText(text);
        for (const part of secret.split(/[ ,;"]/)) expect(shown, `${name} in ${text}`).not.toContain(part);
        expect(shown).toContain('KES');
      }
      const form = new URLSearchParams({ grant_type: 'client_credentials', [name]: secret, scope: 'all' }).toString();
      const shown = redactText(form);
      expect(shown).not.toContain(new URLSearchParams({ x: secret }).toString().slice(2));
      expect(shown).toContain('grant_type=client_credentials');
      expect(shown).toContain('scope=all');
    }
  });

  it('a PIN, written, spoken or in XML', () => {
    for (const text of [
      'PIN: 4071',
      'pin=4071',
      '"pin":4071}',
      'your PIN is 4071',
      '<PIN>4071</PIN>',
      'pin_code: 4071',
    ]) {
      expect(redactText(text)).not.toContain('4071');
    }
  });

  it.each([
    '254712345678',
    '+254712345678',
    '0712 345 678',
    '+254 712-345-678',
    '(0712) 345 678',
    '+254 (0) 712 345678',
    '07.12.34.56.78',
    '254.712.345.678',
    '712.345.678',
    'msisdn254712345678',
    'msisdn2203012345',
    'tel:0712345678',
    '%2B254712345678',
    '٠٧١٢٣٤٥٦٧٨',
    '71 12 34 56',
    '<msisdn>254712345678</msisdn>',
    '{"PhoneNumber":254708374149}',
    'ws_CO_07122024195218574712345678',
    '/callbacks/254712345678/result',
  ])('the phone number in %s', (text) => {
    const shown = redactText(`before ${text} after`);
    const hidden = text.replace(/[^\d٠-٩]/g, '').length - shown.replace(/[^\d٠-٩]/g, '').length;
    expect(hidden).toBeGreaterThanOrEqual(5);
    expect(shown).toMatch(/^before /);
    expect(shown).toMatch(/ after$/);
  });

  it('a short password in the address of a server', () => {
    expect(redactText('connect redis://:pw9@cache.internal:6379')).toBe(
      'connect redis://[redacted]@cache.internal:6379',
    );
    expect(redactText('at postgres://canza:pw9@db/canza')).toBe('at postgres://[redacted]@db/canza');
  });

  it('most of a key, a UUID and a callback address: what is left tells one from another', () => {
    expect(redactText('user f47ac10b-58cc-4372-a567-0e02b2c3d479 unknown')).toBe('user f47ac10b… unknown');
    expect(redactText('?t=a123456789abcdef0123456789abcdef')).toBe('?t=a1234567…');
    expect(redactText(`SecurityCredential was ${'Qk3+/'.repeat(68)}==`)).toBe('SecurityCredential was [redacted]');
  });

  it('whatever a text is made of, no number of eight digits stays whole', () => {
    const piece = fc.oneof(
      fc.stringMatching(/^(2547|07)\d{8}$/),
      fc.constantFrom(
        ' ',
        ', ',
        '"',
        'code ',
        'Bearer ',
        '{"a":',
        '500.001.1001 ',
        'x',
        '\\"',
        '2026-11-23 ',
        '\n',
        '/',
        'pin: ',
      ),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const shown = redactText(pieces.join(' '));
        const numbers = pieces.filter((text) => /^\d{8,}$/.test(text));
        expect(numbers.filter((text) => shown.includes(text.slice(3, -3)))).toEqual([]);
      }),
    );
  });
});

describe('what stays readable', () => {
  it.each([
    'The initiator information is invalid.',
    'Invalid Access Token',
    'Wrong PIN entered 3 times',
    'mapping and shipping: done',
    'NLJ7RT61SV Confirmed.',
    'MP210603.1234.L06941',
    '500.001.1001 Unable to lock subscriber',
    'errorCode 400.002.02',
    '404.001.03',
    'DP00800001006 ROUTER001 ESB000010',
    '2026-11-23',
    'at 2026-11-23T02:27:58.123Z got 503',
    'at 2026-11-23 02:27:58',
    'HTTP 503 after 30000 ms',
    'timeout of 30000ms exceeded',
    'connect ECONNREFUSED 127.0.0.1:6379',
    'connect ECONNREFUSED 196.201.214.200:443',
    'amount 250000.00 KES is above 150000',
    'POST https://sandbox.safaricom.co.ke/mpesa/stkpush/v1/processrequest',
    'Unexpected token < in JSON at position 0',
    'Kiasi si sahihi · Montant incorrect · የተሳሳተ',
    '',
  ])('%s', (text) => {
    expect(redactText(text)).toBe(text);
  });

  it('the beginning of a page, and a mark where it was cut', () => {
    const shown = redactText(`<html><body>Access denied ${'reason '.repeat(10_000)}</body></html>`);
    expect(shown).toMatch(/^<html><body>Access denied reason/);
    expect(shown).toHaveLength(301);
    expect(shown.at(-1)).toBe('…');
  });
});

describe('where a long text is cut', () => {
  it('no piece of a number or secret is left, wherever the cut falls', () => {
    for (let before = 240; before <= 310; before++) {
      const shown = redactText(`${'. '.repeat(before / 2)}254712345678 and "pin":"4071" then`);
      expect(shown).not.toMatch(/2547|4071|407/);
    }
    for (let before = 1960; before <= 2010; before++) {
      for (const short of ['[redacted]', '']) {
        // Long keys shrink, so that what stood far behind comes to stand within what is kept.
        const text = `token=${'k'.repeat(before)} 254712345678`.replace('k'.repeat(8), short);
        expect(redactText(text)).not.toMatch(/2547/);
        expect(redactText(`${'k'.repeat(before)} +254 712 345 678`)).not.toMatch(/254 7|2547/);
      }
    }
  });
});

describe('a text in which nothing looks like a secret', () => {
  it('is looked through once, and comes out as the whole look would leave it', () => {
    const whole = [
      'Success.',
      'bearer',
      'Basic',
      'token',
      'pin',
      'is',
      'accepted',
      'passkey',
      'secret',
      '254712345678',
    ];
    const marks = ['=', ':', '@', '//', '<PIN>', 'x-y_z', '٤٠٧١', ' ', 'k'.repeat(39), 'k'.repeat(40)];
    const word = fc.constantFrom(...whole, ...marks);
    fc.assert(
      fc.property(fc.array(word, { maxLength: 7 }), fc.constantFrom(' ', ''), (words, gap) => {
        const text = words.join(gap);
        // A digit calls for the whole look, and is itself left alone.
        const looked = redactText(`7 . ${text}`);
        expect(redactText(text)).toBe(looked.slice(4));
      }),
      { seed: 20, numRuns: 2000 },
    );
  });
});
