import { describe, expect, test } from 'vitest';

import { createDarajaCaller, type DarajaCaller, type Json, jsonOf, PAYER } from '../../../test/daraja-caller.ts';
import {
  ask,
  encryptPassword,
  type InitiatorRequestName,
  initiatorRequests,
  parametersOf,
} from '../../../test/initiator-requests.ts';

/** A customer's payment by prompt, and its receipt. */
async function charge(caller: DarajaCaller): Promise<string> {
  await caller.push();
  await caller.clock.advance(30_000);
  return caller.emulator.books.charges().at(-1)?.receipt ?? '';
}

describe('a payment between businesses', () => {
  test('credits the utility account and is reported in text throughout (X27)', async () => {
    const caller = createDarajaCaller();
    const { acknowledged, body } = await ask(caller, 'b2b');
    const [transfer] = caller.emulator.books.transfers();
    expect(body).toBe(
      `{"Result":{"ResultType":"0","ResultCode":"0","ResultDesc":"The service request is processed successfully","OriginatorConversationID":"${String(acknowledged['OriginatorConversationID'])}","ConversationID":"${String(acknowledged['ConversationID'])}","TransactionID":"${transfer?.receipt}","ResultParameters":{"ResultParameter":[{"Key":"DebitAccountBalance","Value":"{Amount={CurrencyCode=KES, MinimumAmount=99981000, BasicAmount=999810.00}}"},{"Key":"Amount","Value":"190.00"},{"Key":"DebitPartyAffectedAccountBalance","Value":"Working Account|KES|999810.00|999810.00|0.00|0.00"},{"Key":"TransCompletedTime","Value":"20260101030003"},{"Key":"DebitPartyCharges","Value":""},{"Key":"ReceiverPartyPublicName","Value":"600000 - Biller Company"},{"Key":"Currency","Value":"KES"},{"Key":"InitiatorAccountCurrentBalance","Value":"{Amount={CurrencyCode=KES, MinimumAmount=99981000, BasicAmount=999810.00}}"}]},"ReferenceData":{"ReferenceItem":[{"Key":"BillReferenceNumber","Value":"19008"},{"Key":"QueueTimeoutURL","Value":"https://shop.example/timeouts/7c"}]}}}`,
    );
    expect(caller.emulator.books.accountMinor('600000', 'Utility Account')).toBe(190_00n);
    expect(caller.emulator.books.accountMinor('600996', 'Working Account')).toBe(999_810_00n);
    expect(caller.emulator.books.ledger.totalMinor()).toBe(0n);
  });

  test('to a till credits its merchant account, with either identifier type', async () => {
    const caller = createDarajaCaller();
    for (const type of ['2', '4']) {
      await ask(caller, 'b2b', { CommandID: 'BusinessBuyGoods', RecieverIdentifierType: type, PartyB: '600901' });
    }
    expect(caller.emulator.books.accountMinor('600901', 'Merchant Account')).toBe(380_00n);
  });

  test('has no key: the same request twice is two payments', async () => {
    const caller = createDarajaCaller();
    await ask(caller, 'b2b');
    await ask(caller, 'b2b');
    expect(caller.emulator.books.transferredMinor()).toBe(380_00n);
  });

  test.each<[name: string, changes: Json, code: unknown]>([
    ['to nobody', { PartyB: '999999' }, 'SFC_IC0003'],
    ['to a till as if it were a pay bill', { PartyB: '600901' }, 2028],
    ['beyond the working account', { Amount: '1000001' }, 1],
  ])('%s fails with one parameter that is no list, and a placeholder (X28)', async (_, changes, code) => {
    const caller = createDarajaCaller();
    const { result } = await ask(caller, 'b2b', changes);
    expect(result).toMatchObject({
      ResultType: 0,
      ResultCode: code,
      TransactionID: 'UA10000000',
      ResultParameters: { ResultParameter: { Key: 'BOCompletedTime', Value: 20260101030003 } },
      ReferenceData: {
        ReferenceItem: {
          Key: 'QueueTimeoutURL',
          Value: 'https://internalapi.safaricom.co.ke/mpesa/abresults/v1/submit',
        },
      },
    });
    expect(caller.emulator.books.transfers()).toEqual([]);
  });

  test('can leave out the value of what is empty', async () => {
    const caller = createDarajaCaller({ shapes: { emptyParameter: 'without-value' } });
    expect((await ask(caller, 'b2b')).body).toContain('{"Key":"DebitPartyCharges"},');
  });
});

describe('a reversal', () => {
  test('gives the charge back under a receipt of its own (X31, X32)', async () => {
    const caller = createDarajaCaller();
    const receipt = await charge(caller);
    const { result, body } = await ask(caller, 'reversal', { TransactionID: receipt });
    const [reversal] = caller.emulator.books.reversals({ originalReceipt: receipt });
    expect(result).toMatchObject({ ResultCode: 0, TransactionID: reversal?.receipt });
    expect(body).toContain(
      `"ResultParameter":[{"Key":"DebitAccountBalance","Value":"Utility Account|KES|0.00|0.00|0.00|0.00"},{"Key":"Amount","Value":100.00},{"Key":"TransCompletedTime","Value":20260101030033},{"Key":"OriginalTransactionID","Value":"${receipt}"},{"Key":"Charge","Value":0.00},{"Key":"CreditPartyPublicName","Value":"${PAYER} - JOHN DOE"},{"Key":"DebitPartyPublicName","Value":"174379 - Daraja-Sandbox"}]`,
    );
    expect(caller.emulator.books.walletMinor(PAYER)).toBe(250_000_00n);
    expect(caller.emulator.books.reversedMinor()).toBe(100_00n);
  });

  test('made twice gives back once: the second ends in R000001', async () => {
    const caller = createDarajaCaller();
    const receipt = await charge(caller);
    await ask(caller, 'reversal', { TransactionID: receipt });
    const { result } = await ask(caller, 'reversal', { TransactionID: receipt });
    expect(result).toMatchObject({ ResultCode: 'R000001', TransactionID: 'UA10000000' });
    expect(caller.emulator.books.reversals()).toHaveLength(1);
  });

  test('of what is no charge ends in R000002, without parameters or references (X33)', async () => {
    const caller = createDarajaCaller();
    const { body, acknowledged } = await ask(caller, 'reversal');
    expect(body).toBe(
      `{"Result":{"ResultType":0,"ResultCode":"R000002","ResultDesc":"The OriginalTransactionID is invalid.","OriginatorConversationID":"${String(acknowledged['OriginatorConversationID'])}","ConversationID":"${String(acknowledged['ConversationID'])}","TransactionID":"UA10000000"}}`,
    );
  });

  test('of a payout, of another’s charge or of more than was charged ends in R000002 too', async () => {
    const caller = createDarajaCaller();
    await ask(caller, 'b2c');
    const payout = caller.emulator.books.payouts()[0]?.receipt;
    const receipt = await charge(caller);
    for (const changes of [
      { TransactionID: payout, ReceiverParty: '600992', Amount: '10' },
      { TransactionID: receipt, ReceiverParty: '600984' },
      { TransactionID: receipt, Amount: '101' },
    ]) {
      expect((await ask(caller, 'reversal', changes)).result['ResultCode']).toBe('R000002');
    }
    expect(caller.emulator.books.reversals()).toEqual([]);
  });

  test('that the shortcode cannot pay any more ends in 1', async () => {
    const caller = createDarajaCaller({
      organisations: [{ shortcode: '600992', name: 'Payer', kind: 'bulk', openingMinor: { 'Utility Account': 0n } }],
    });
    const payment = { shortcode: '600992', msisdn: PAYER, amountMinor: 100_00n, billReference: 'x' };
    await caller.emulator.customerPays(payment);
    const receipt = caller.emulator.books.charges()[0]?.receipt;
    await ask(caller, 'b2c', { Amount: '60' });
    const { result } = await ask(caller, 'reversal', { TransactionID: receipt, ReceiverParty: '600992' });
    expect(result['ResultCode']).toBe(1);
    expect(caller.emulator.books.accountMinor('600992')).toBe(40_00n);
  });
});

describe('the status of a transaction', () => {
  test('by the id of a payout whose acknowledgement was lost says that it was completed (X29)', async () => {
    const caller = createDarajaCaller();
    caller.emulator.faults.add({ stage: 'submit', kind: 'reply-lost', operation: 'b2c' });
    await expect(caller.post(...initiatorRequests.b2c(caller))).rejects.toMatchObject({ failure: 'connection-lost' });
    await caller.clock.advance(10_000);
    const [payout] = caller.emulator.books.payouts();
    const { result, body } = await ask(caller, 'status', { OriginalConversationID: '600997_Test_32et3241ed8yu' });
    expect(result).toMatchObject({ ResultCode: 0, ResultType: 0, TransactionID: 'UA10000000' });
    expect(body).toContain(
      `"ResultParameter":[{"Key":"DebitPartyName","Value":"600992 - Safaricom Daraja 992"},{"Key":"DebitPartyName","Value":"254705912645 - JOHN DOE"},{"Key":"OriginatorConversationID","Value":"600997_Test_32et3241ed8yu"},{"Key":"InitiatedTime","Value":"20260101030000"},{"Key":"DebitAccountType","Value":"Utility Account"},{"Key":"DebitPartyCharges","Value":"Fee For B2C Payment|KES|22.40"},{"Key":"TransactionReason"},{"Key":"ReasonType","Value":"Business Payment to Customer via API"},{"Key":"TransactionStatus","Value":"Completed"},{"Key":"FinalisedTime","Value":"20260101030003"},{"Key":"Amount","Value":"10"},{"Key":"ConversationID","Value":"${payout?.conversationId}"},{"Key":"ReceiptNo","Value":"${payout?.receipt}"}]},"ReferenceData":{"ReferenceItem":{"Key":"Occasion"}}`,
    );
  });

  test('of a payout under way, declined or expired says so, though the question itself went well', async () => {
    const caller = createDarajaCaller();
    const statusOf = async (OriginalConversationID: string): Promise<unknown> => {
      const { result } = await ask(caller, 'status', { OriginalConversationID });
      expect(result['ResultCode']).toBe(0);
      return parametersOf(result)['TransactionStatus'];
    };
    await caller.post(...initiatorRequests.b2c(caller, { OriginatorConversationID: 'declined', Amount: '9' }));
    await caller.clock.advance(10_000);
    caller.emulator.faults.add({ stage: 'callback', kind: 'queue-timeout', operation: 'b2c' });
    await caller.post(...initiatorRequests.b2c(caller, { OriginatorConversationID: 'expired' }));
    await caller.clock.advance(10_000);
    expect(await statusOf('declined')).toBe('Declined');
    expect(await statusOf('expired')).toBe('Expired');
    await caller.post(...initiatorRequests.status(caller, { OriginalConversationID: 'under way' }));
    await caller.clock.advance(1_000);
    await caller.post(...initiatorRequests.b2c(caller, { OriginatorConversationID: 'under way' }));
    await caller.clock.advance(4_000);
    const result = jsonOf(caller.received.at(-1) ?? {})['Result'] as Json;
    expect(parametersOf(result)['TransactionStatus']).toBe('Initiated');
  });

  test('of a charge is found by its receipt', async () => {
    const caller = createDarajaCaller();
    const receipt = await charge(caller);
    const { result } = await ask(caller, 'status', { TransactionID: receipt, PartyA: '174379', Occasion: 'doubt' });
    expect(parametersOf(result)).toMatchObject({ TransactionStatus: 'Completed', Amount: '100', ReceiptNo: receipt });
    expect(result['ReferenceData']).toEqual({ ReferenceItem: { Key: 'Occasion', Value: 'doubt' } });
  });

  test('of what never arrived, or belongs to others, ends in SFC_IC0003', async () => {
    const caller = createDarajaCaller();
    caller.emulator.faults.add({ stage: 'submit', kind: 'request-lost', operation: 'b2c' });
    await expect(caller.post(...initiatorRequests.b2c(caller))).rejects.toMatchObject({ failure: 'connection-lost' });
    const receipt = await charge(caller);
    for (const changes of [{ OriginalConversationID: '600997_Test_32et3241ed8yu' }, { TransactionID: receipt }]) {
      expect((await ask(caller, 'status', changes)).result['ResultCode']).toBe('SFC_IC0003');
    }
  });

  test('with an empty receipt is malformed, and with no key at all refused', async () => {
    const caller = createDarajaCaller();
    const empty = await ask(caller, 'status', { TransactionID: '', OriginalConversationID: 'x' });
    expect(empty.result['ResultCode']).toBe(25);
    const response = await caller.post(...initiatorRequests.status(caller));
    expect(jsonOf(response)['errorMessage']).toBe('Bad Request - Invalid TransactionID');
  });
});

describe('the balance', () => {
  test('lists the accounts of a shortcode for payouts (X30)', async () => {
    const caller = createDarajaCaller();
    await ask(caller, 'b2c');
    const { body, acknowledged } = await ask(caller, 'balance');
    expect(body).toBe(
      `{"Result":{"ResultType":"0","ResultCode":"0","ResultDesc":"The service request is processed successfully","OriginatorConversationID":"${String(acknowledged['OriginatorConversationID'])}","ConversationID":"${String(acknowledged['ConversationID'])}","TransactionID":"UA10000000","ResultParameters":{"ResultParameter":[{"Key":"AccountBalance","Value":"Working Account|KES|1000000.00|1000000.00|0.00|0.00&Utility Account|KES|999990.00|999990.00|0.00|0.00&Charges Paid Account|KES|-22.40|-22.40|0.00|0.00"},{"Key":"BOCompletedTime","Value":"20260101030013"}]},"ReferenceData":{"ReferenceItem":{"Key":"QueueTimeoutURL","Value":"https://internalsandbox.safaricom.co.ke/mpesa/abresults/v1/submit"}}}}`,
    );
  });

  test.each([
    ['174379', ['Working', 'Float', 'Utility', 'Charges Paid', 'Organization Settlement']],
    ['600901', ['Merchant', 'Working', 'Charges Paid']],
  ])('of %s has the accounts of its kind', async (PartyA, names) => {
    const caller = createDarajaCaller();
    const { result } = await ask(caller, 'balance', { PartyA });
    const accounts = String(parametersOf(result)['AccountBalance']).split('&');
    expect(accounts.map((account) => account.split(' Account|')[0])).toEqual(names);
  });

  test('has codes of its own for a wrong password and an unknown user', async () => {
    const caller = createDarajaCaller();
    const wrong = await ask(caller, 'balance', { SecurityCredential: encryptPassword(caller, 'wrong') });
    expect(wrong.result['ResultCode']).toBe(18);
    expect((await ask(caller, 'balance', { Initiator: 'somebody' })).result['ResultCode']).toBe(20);
  });
});

describe('every operation of an API user', () => {
  test.each<[name: InitiatorRequestName, errorCode: string]>([
    ['b2c', '401.002.01'],
    ['b2b', '404.001.03'],
    ['reversal', '404.001.03'],
    ['status', '400.003.01'],
    ['balance', '401.002.01'],
  ])('refuses a token in its own way: %s with %s', async (name, errorCode) => {
    const caller = createDarajaCaller();
    const [path, body] = initiatorRequests[name](caller);
    const response = await caller.post(path, body, { authorization: 'Bearer nobody' });
    expect([response.status, jsonOf(response)['errorCode']]).toEqual([Number(errorCode.slice(0, 3)), errorCode]);
  });

  test.each<[name: InitiatorRequestName, field: string, value: unknown]>([
    ['b2b', 'RecieverIdentifierType', '1'],
    ['b2b', 'AccountReference', ''],
    ['b2b', 'AccountReference', 'fourteen chars'],
    ['b2b', 'CommandID', 'BusinessPayment'],
    ['b2b', 'Requester', '12'],
    ['reversal', 'RecieverIdentifierType', '4'],
    ['reversal', 'TransactionID', ''],
    ['reversal', 'Amount', '1.5'],
    ['status', 'IdentifierType', '3'],
    ['balance', 'PartyA', '1'],
    ['balance', 'CommandID', 'Balance'],
  ])('refuses %s with a wrong %s (%j)', async (name, field, value) => {
    const caller = createDarajaCaller();
    const changes = name === 'status' ? { TransactionID: 'PDU91HIVIT', [field]: value } : { [field]: value };
    const response = await caller.post(...initiatorRequests[name](caller, changes));
    expect([response.status, jsonOf(response)['errorMessage']]).toEqual([400, `Bad Request - Invalid ${field}`]);
  });
});
