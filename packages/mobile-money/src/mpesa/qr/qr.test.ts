import { expect, test } from 'vitest';

import { SANDBOX } from '../../../test/mpesa.ts';
import { jsonReply } from '../../../test/replies.ts';
import { parseMpesaConfig } from '../config.ts';
import { buildQr, type QrPayment } from './requests.ts';
import { parseQr } from './responses.ts';

const config = parseMpesaConfig(SANDBOX);
const PAYMENT: QrPayment = { merchantName: 'Duka', reference: 'INV1', amount: '100', to: { paybill: '600984' } };
const bodyOf = (payment: Partial<QrPayment>) =>
  JSON.parse(buildQr(config, { ...PAYMENT, ...payment }).body ?? '') as object;

test('asks for the picture of a payment', () => {
  expect(bodyOf({})).toEqual({
    MerchantName: 'Duka',
    RefNo: 'INV1',
    Amount: 100,
    TrxCode: 'PB',
    CPI: '600984',
    Size: '300',
  });
});

test.each([
  [{ till: '600987' }, 'BG', '600987'],
  [{ agent: '600987' }, 'WA', '600987'],
  [{ business: '600987' }, 'SB', '600987'],
  [{ msisdn: '254722000000' }, 'SM', '254722000000'],
] satisfies [QrPayment['to'], string, string][])('names what %j is', (to, TrxCode, CPI) => {
  expect(bodyOf({ to })).toMatchObject({ TrxCode, CPI });
});

test.each<[string, Partial<QrPayment>]>([
  ['amount', { amount: '1.5' }],
  ['to.paybill', { to: { paybill: '1' } }],
  ['to.msisdn', { to: { msisdn: '0722000000' } }],
  ['sizePixels', { sizePixels: 0 }],
])('refuses a picture by its %s', (field, payment) => {
  expect(() => bodyOf(payment)).toThrow(expect.objectContaining({ field }));
});

test('hands the picture over, whatever code stands beside it', () => {
  const QRCode = Buffer.from([0x89, 0x50, 0x4e, 0x47]).toString('base64');
  for (const ResponseCode of ['00', 'AG_20191219_000043fdf61864fe9ff5']) {
    expect([...parseQr(jsonReply(200, { ResponseCode, QRCode }), 'mpesa')]).toEqual([0x89, 0x50, 0x4e, 0x47]);
  }
  expect(() => parseQr(jsonReply(200, { ResponseCode: '00' }), 'mpesa')).toThrow(
    expect.objectContaining({ code: 'UNEXPECTED_RESPONSE' }),
  );
});
