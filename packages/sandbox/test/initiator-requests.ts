import { constants, publicEncrypt } from 'node:crypto';

import type { DarajaCaller, Json } from './daraja-caller.ts';
import { jsonOf } from './daraja-caller.ts';

const RESULT_URL = 'https://shop.example/results/7c';
const TIMEOUT_URL = 'https://shop.example/timeouts/7c';

/** The password as M-PESA wants it: PKCS#1 v1.5, base64. */
export const encryptPassword = (
  { emulator }: DarajaCaller,
  password = 'Safaricom999!*!',
  padding: number = constants.RSA_PKCS1_PADDING,
): string => publicEncrypt({ key: emulator.initiator.certificate, padding }, Buffer.from(password)).toString('base64');

const tail = { Remarks: 'remarked', QueueTimeOutURL: TIMEOUT_URL, ResultURL: RESULT_URL };

/** Requests that are right in every field, by operation; `changes` breaks them. */
export const initiatorRequests = {
  b2c: (caller: DarajaCaller, changes: Json = {}): [string, Json] => [
    '/mpesa/b2c/v3/paymentrequest',
    {
      OriginatorConversationID: '600997_Test_32et3241ed8yu',
      InitiatorName: 'testapi',
      SecurityCredential: encryptPassword(caller),
      CommandID: 'BusinessPayment',
      Amount: '10',
      PartyA: '600992',
      PartyB: '254705912645',
      ...tail,
      Occassion: 'ChristmasPay',
      ...changes,
    },
  ],
  b2b: (caller: DarajaCaller, changes: Json = {}): [string, Json] => [
    '/mpesa/b2b/v1/paymentrequest',
    {
      Initiator: 'testapi',
      SecurityCredential: encryptPassword(caller),
      CommandID: 'BusinessPayBill',
      SenderIdentifierType: '4',
      RecieverIdentifierType: '4',
      Amount: '190',
      PartyA: '600996',
      PartyB: '600000',
      AccountReference: '19008',
      ...tail,
      ...changes,
    },
  ],
  reversal: (caller: DarajaCaller, changes: Json = {}): [string, Json] => [
    '/mpesa/reversal/v1/request',
    {
      Initiator: 'testapi',
      SecurityCredential: encryptPassword(caller),
      CommandID: 'TransactionReversal',
      TransactionID: 'PDU91HIVIT',
      Amount: '100',
      ReceiverParty: '174379',
      RecieverIdentifierType: '11',
      ...tail,
      ...changes,
    },
  ],
  status: (caller: DarajaCaller, changes: Json = {}): [string, Json] => [
    '/mpesa/transactionstatus/v1/query',
    {
      Initiator: 'testapi',
      SecurityCredential: encryptPassword(caller),
      CommandID: 'TransactionStatusQuery',
      PartyA: '600992',
      IdentifierType: '4',
      ...tail,
      ...changes,
    },
  ],
  balance: (caller: DarajaCaller, changes: Json = {}): [string, Json] => [
    '/mpesa/accountbalance/v1/query',
    {
      Initiator: 'testapi',
      SecurityCredential: encryptPassword(caller),
      CommandID: 'AccountBalance',
      PartyA: '600992',
      IdentifierType: '4',
      ...tail,
      ...changes,
    },
  ],
};

export type InitiatorRequestName = keyof typeof initiatorRequests;

/** Sends one request, lets it be done, and returns the last result that came. */
export async function ask(
  caller: DarajaCaller,
  name: InitiatorRequestName,
  changes?: Json,
): Promise<{ readonly acknowledged: Json; readonly result: Json; readonly body: string }> {
  const response = await caller.post(...initiatorRequests[name](caller, changes));
  await caller.clock.advance(10_000);
  const body = caller.received.at(-1)?.body ?? '{}';
  return { acknowledged: jsonOf(response), result: (jsonOf({ body })['Result'] ?? {}) as Json, body };
}

/** Values of a result's parameters by their keys; of a key that comes twice, the last. */
export const parametersOf = (result: Json): Json => {
  const { ResultParameter: items } = result['ResultParameters'] as {
    ResultParameter: { Key: string; Value?: unknown }[];
  };
  return Object.fromEntries(items.map(({ Key, Value }) => [Key, Value]));
};
