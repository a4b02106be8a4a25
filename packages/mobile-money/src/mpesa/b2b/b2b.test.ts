import { expect, test } from 'vitest';

import { callbackOf, replyOf } from '../../../test/fixtures.ts';
import { SECURITY_CREDENTIAL, shillings, WITH_INITIATOR } from '../../../test/mpesa.ts';
import { jsonReply } from '../../../test/replies.ts';
import { type Initiator, parseMpesaConfig } from '../config.ts';
import { readResult } from '../initiator/results.ts';
import { type BusinessPayment, buildBusinessPayment, buildTillPrompt, type TillPrompt } from './requests.ts';
import { parseTillPrompt } from './responses.ts';
import { readBusinessPaymentResult, readTillPromptCallback } from './results.ts';

const config = parseMpesaConfig(WITH_INITIATOR);
const PAYMENT: BusinessPayment = {
  to: { paybill: '000000'.replace('0', '6'), account: '19008' },
  amount: '190',
  resultUrl: 'https://mydomain.com/b2b/result',
  expiredUrl: 'https://mydomain.com/b2b/expired',
};
const bodyOf = (payment: Partial<BusinessPayment>) =>
  JSON.parse(
    buildBusinessPayment(config, config.initiator as Initiator, { ...PAYMENT, ...payment }).body ?? '',
  ) as object;

test('pays a pay bill into an account', () => {
  expect(bodyOf({ requester: '254700000000', description: 'Water' })).toEqual({
    Initiator: 'testapi',
    SecurityCredential: SECURITY_CREDENTIAL,
    CommandID: 'BusinessPayBill',
    SenderIdentifierType: '4',
    RecieverIdentifierType: '4',
    Amount: '190',
    PartyA: '174379',
    PartyB: '600000',
    AccountReference: '19008',
    Requester: '254700000000',
    Remarks: 'Water',
    QueueTimeOutURL: 'https://mydomain.com/b2b/expired',
    ResultURL: 'https://mydomain.com/b2b/result',
  });
});

test('pays a till, and tops up the payout account, by commands of their own', () => {
  expect(bodyOf({ to: { till: '600987' } })).toMatchObject({ CommandID: 'BusinessBuyGoods', PartyB: '600987' });
  expect(bodyOf({ to: { payoutShortcode: '600000' } })).toMatchObject({ CommandID: 'BusinessPayToBulk' });
});

test.each<[string, Partial<BusinessPayment>]>([
  ['amount', { amount: '10.50' }],
  ['to.till', { to: { till: '1' } }],
  ['to.account', { to: { paybill: '600000', account: '' } }],
  ['to.account', { to: { paybill: '600000', account: 'A'.repeat(14) } }],
  ['requester', { requester: '0700000000' }],
  ['resultUrl', { resultUrl: 'result' }],
])('refuses a payment by its %s before anything is sent', (field, payment) => {
  expect(() => bodyOf(payment)).toThrow(expect.objectContaining({ field, moneyMoved: 'no' }));
});

const read = (name: string) => readBusinessPaymentResult(readResult({ body: callbackOf(`mpesa/${name}`) }, 'mpesa'));

test('reads what was paid to a business, and what was not', () => {
  expect(read('x27-b2b-paid')).toMatchObject({ status: 'succeeded', receipt: 'QKA81LK5CY', money: shillings(190n) });
  expect(read('x28-b2b-refused')).toMatchObject({ status: 'failed', reason: 'route-misconfigured', code: '2001' });
});

const PROMPT: TillPrompt = {
  till: '600987',
  paybill: '600984',
  amount: '71',
  paymentReference: 'INV-1',
  partnerName: 'Duka',
  requestId: '404e1aec-19e0-4ce3-973d-bd92e94c8021',
  callbackUrl: 'https://mydomain.com/prompt',
};

test('prompts the owner of a till, in the spelling of that API', () => {
  const { url, body } = buildTillPrompt(config, PROMPT);
  expect(url).toBe('https://sandbox.safaricom.co.ke/v1/ussdpush/get-msisdn');
  expect(JSON.parse(body ?? '')).toEqual({
    primaryShortCode: '600987',
    receiverShortCode: '600984',
    amount: '71',
    paymentRef: 'INV-1',
    callbackUrl: 'https://mydomain.com/prompt',
    partnerName: 'Duka',
    RequestRefID: '404e1aec-19e0-4ce3-973d-bd92e94c8021',
  });
  expect(() => buildTillPrompt(config, { ...PROMPT, requestId: ' ' })).toThrow(
    expect.objectContaining({ field: 'requestId' }),
  );
});

test('a prompt that is on its way is pending; another code proves nothing', () => {
  expect(parseTillPrompt(replyOf('mpesa/x34-till-prompt-accepted'), 'mpesa')).toMatchObject({ status: 'pending' });
  expect(parseTillPrompt(jsonReply(200, { code: '4104', status: 'Missing Nominated Number' }), 'mpesa')).toMatchObject({
    status: 'unknown',
    code: '4104',
  });
  expect(() => parseTillPrompt(jsonReply(200, {}), 'mpesa')).toThrow(expect.objectContaining({ moneyMoved: 'maybe' }));
});

const prompted = (body: string) => readTillPromptCallback({ body }, 'mpesa');

test('reads what the owner of the till did, and on which request', () => {
  expect(prompted(callbackOf('mpesa/x34-till-prompt-paid'))).toEqual({
    finding: {
      status: 'succeeded',
      code: '0',
      detail: 'The service request is processed successfully.',
      receipt: 'RDQ01NFT1Q',
      money: shillings(71n),
    },
    requestId: '404e1aec-19e0-4ce3-973d-bd92e94c8021',
  });
  expect(prompted(callbackOf('mpesa/x34-till-prompt-cancelled'))).toMatchObject({
    finding: { status: 'failed', reason: 'cancelled-by-payer' },
    requestId: 'c2a9ba32-9e11-4b90-892c-7bc54944609a',
  });
});

test.each(['4201', '4203', '9'])('code %s of a prompt to a till decides nothing', (code) => {
  const body = callbackOf('mpesa/x34-till-prompt-cancelled').replace('4001', code);
  expect(prompted(body).finding.status).toBe('unknown');
});

test('refuses another body as the callback of a prompt to a till', () => {
  expect(() => prompted('{}')).toThrow(expect.objectContaining({ code: 'INVALID_CALLBACK' }));
});
