import { expect, test } from 'vitest';

import { callbackOf } from '../../../test/fixtures.ts';
import { SECURITY_CREDENTIAL, shillings, WITH_INITIATOR } from '../../../test/mpesa.ts';
import { type Initiator, parseMpesaConfig } from '../config.ts';
import { readResult } from '../initiator/results.ts';
import { buildTransactionStatus } from './requests.ts';
import { readTransactionStatus, vouchersOfStatus } from './results.ts';

const config = parseMpesaConfig(WITH_INITIATOR);
const addresses = { ResultURL: 'https://mydomain.com/r', QueueTimeOutURL: 'https://mydomain.com/q' };
const COMPLETED = callbackOf('mpesa/x29-status-completed');
const result = (body: string) => readResult({ body }, 'mpesa');
const read = (body: string) => readTransactionStatus(result(body));

test('asks by the one id that it has, and sends no empty one beside it', () => {
  const ask = (doubt: Parameters<typeof buildTransactionStatus>[2]) =>
    JSON.parse(buildTransactionStatus(config, config.initiator as Initiator, doubt, addresses).body ?? '') as object;
  const frame = {
    Initiator: 'testapi',
    SecurityCredential: SECURITY_CREDENTIAL,
    CommandID: 'TransactionStatusQuery',
    PartyA: '174379',
    IdentifierType: '4',
    Remarks: 'Status',
    ...addresses,
  };
  expect(ask({ originatorConversationId: 'abc' })).toEqual({ ...frame, OriginalConversationID: 'abc' });
  expect(ask({ receipt: 'MBN31H462N' })).toEqual({ ...frame, TransactionID: 'MBN31H462N' });
});

test('reads what became of the transaction, its receipt and amount', () => {
  expect(read(COMPLETED)).toEqual({
    status: 'succeeded',
    code: 'Completed',
    detail: "The operator's status is Completed.",
    receipt: 'MBN31H462N',
    money: shillings(300n),
  });
});

test.each([
  ['Initiated', { status: 'pending' }],
  ['Authorized', { status: 'pending' }],
  ['Pending Authorized', { status: 'pending' }],
  ['Declined', { status: 'failed' }],
  ['Cancelled', { status: 'failed' }],
  ['Expired', { status: 'failed' }],
  ['Settled', { status: 'unknown' }],
])('reads the status %s', (status, finding) => {
  expect(read(COMPLETED.replace('"Completed"', `"${status}"`))).toMatchObject(finding);
});

test('an answer without a status says nothing', () => {
  expect(read(COMPLETED.replace('TransactionStatus', 'Other'))).toMatchObject({ status: 'unknown' });
});

test.each(['1', '11', '17', '21', '25', '2001', '8006'])(
  'a question that failed with code %s is not a payment that failed',
  (code) => {
    expect(read(COMPLETED.replace('"ResultCode":0', `"ResultCode":"${code}"`))).toMatchObject({ status: 'unknown' });
  },
);

test('an answer that more will follow decides nothing, whatever it says', () => {
  expect(read(COMPLETED.replace('"ResultType":0', '"ResultType":1'))).toMatchObject({ status: 'pending' });
});

test('an id that nothing is found under proves nothing by itself', () => {
  expect(read(COMPLETED.replace('"ResultCode":0', '"ResultCode":"SFC_IC0003"'))).toMatchObject({ status: 'not-found' });
});

test('is vouched for by the ids of the question, the last one or the one before it, and of the payment', () => {
  expect(vouchersOfStatus(result(COMPLETED))).toEqual({
    StatusConversationID: 'AG_20180223_0000493344ae97d86f75',
    EarlierStatusConversationID: 'AG_20180223_0000493344ae97d86f75',
    ConversationID: 'AG_20180223_000041b09c22e613d6c9',
  });
});
