import { constants } from 'node:crypto';

import { describe, expect, test } from 'vitest';

import { createDarajaCaller, type Json, jsonOf } from '../../../test/daraja-caller.ts';
import { ask, encryptPassword, initiatorRequests, parametersOf } from '../../../test/initiator-requests.ts';

const CUSTOMER = '254705912645';

describe('a payout', () => {
  test('is acknowledged with the caller’s own id, and reported when it is done (X23, X24, X25)', async () => {
    const caller = createDarajaCaller();
    const response = await caller.post(...initiatorRequests.b2c(caller));
    expect(response.status).toBe(200);
    expect(response.body).toMatch(
      /^\{"ConversationID":"AG_20260101_[0-9a-f]{20}","OriginatorConversationID":"600997_Test_32et3241ed8yu","ResponseCode":"0","ResponseDescription":"Accept the service request successfully\."\}$/,
    );
    expect(caller.emulator.books.payouts()).toEqual([]);
    await caller.clock.advance(10_000);
    const [payout] = caller.emulator.books.payouts();
    const { ConversationID: conversationId } = jsonOf(response);
    expect(caller.received).toEqual([
      {
        method: 'POST',
        url: 'https://shop.example/results/7c',
        headers: { 'content-type': 'application/json;charset=UTF-8' },
        body: `{"Result":{"ResultType":0,"ResultCode":0,"ResultDesc":"The service request is processed successfully.","OriginatorConversationID":"600997_Test_32et3241ed8yu","ConversationID":"${String(conversationId)}","TransactionID":"${payout?.receipt}","ResultParameters":{"ResultParameter":[{"Key":"TransactionAmount","Value":10},{"Key":"TransactionReceipt","Value":"${payout?.receipt}"},{"Key":"ReceiverPartyPublicName","Value":"254705912645 - JOHN DOE"},{"Key":"TransactionCompletedDateTime","Value":"01.01.2026 03:00:03"},{"Key":"B2CUtilityAccountAvailableFunds","Value":999990.00},{"Key":"B2CWorkingAccountAvailableFunds","Value":1000000.00},{"Key":"B2CRecipientIsRegisteredCustomer","Value":"Y"},{"Key":"B2CChargesPaidAccountAvailableFunds","Value":-22.40}]},"ReferenceData":{"ReferenceItem":{"Key":"QueueTimeoutURL","Value":"https://internalsandbox.safaricom.co.ke/mpesa/b2cresults/v1/submit"}}}}`,
      },
    ]);
    expect(payout).toMatchObject({ msisdn: CUSTOMER, shortcode: '600992', amountMinor: 10_00n, feeMinor: 22_40n });
    expect(caller.emulator.books.walletMinor(CUSTOMER)).toBe(250_010_00n);
    expect(caller.emulator.books.ledger.totalMinor()).toBe(0n);
    expect(caller.clock.pendingTimers).toBe(0);
  });

  test('under an id that was seen before is refused at once, and paid once (X6)', async () => {
    const caller = createDarajaCaller();
    await caller.post(...initiatorRequests.b2c(caller));
    for (const waitMs of [0, 60_000]) {
      await caller.clock.advance(waitMs);
      const again = await caller.post(...initiatorRequests.b2c(caller, { Amount: '20' }));
      expect(again.status).toBe(500);
      expect(jsonOf(again)).toMatchObject({
        errorCode: '500.002.1001',
        errorMessage: 'Duplicate OriginatorConversationID.',
      });
    }
    expect(caller.emulator.books.paidOutMinor()).toBe(10_00n);
  });

  test('in the older version has no id of the caller’s, and the same one twice pays twice', async () => {
    const caller = createDarajaCaller();
    for (let payout = 0; payout < 2; payout++) {
      const [, body] = initiatorRequests.b2c(caller);
      const response = await caller.post('/mpesa/b2c/v1/paymentrequest', body);
      expect(jsonOf(response)['OriginatorConversationID']).toMatch(/^[0-9a-f-]{19}/);
      await caller.clock.advance(10_000);
    }
    expect(caller.emulator.books.payouts()).toHaveLength(2);
  });

  test('has no second version', async () => {
    const caller = createDarajaCaller();
    const response = await caller.post('/mpesa/b2c/v2/paymentrequest', {});
    expect(response.status).toBe(404);
  });

  test.each([
    ['OriginatorConversationID', ''],
    ['InitiatorName', ''],
    ['SecurityCredential', 'Safaricom999!*!'],
    ['CommandID', 'BusinessPayBill'],
    ['Amount', '10.50'],
    ['PartyA', '123456'],
    ['PartyB', '0705912645'],
    ['Remarks', 'r'],
    ['QueueTimeOutURL', 'nowhere'],
    ['ResultURL', 'https://shop.example/safaricom'],
    ['Occassion', 'x'.repeat(101)],
  ])('with a wrong %s is refused by that name', async (field, value) => {
    const caller = createDarajaCaller();
    const response = await caller.post(...initiatorRequests.b2c(caller, { [field]: value }));
    expect(response.status).toBe(400);
    expect(jsonOf(response)['errorMessage']).toBe(`Bad Request - Invalid ${field}`);
    expect(caller.emulator.conversations).toEqual([]);
  });

  test.each<[name: string, changes: Json, code: unknown]>([
    ['below the smallest amount', { Amount: '9' }, 2],
    ['above the largest', { Amount: '250001' }, 3],
    ['from a shortcode that is not for it', { PartyA: '600984' }, 2028],
    ['into a full wallet', { Amount: '250000', PartyB: '254711000001' }, 8],
    ['to a subscriber without M-PESA', { PartyB: '254711000002' }, 2040],
    ['to nobody', { PartyB: '254711000003' }, 'SFC_IC0003'],
  ])('%s moves nothing and has no parameters (X26)', async (_, changes, code) => {
    const caller = createDarajaCaller();
    const { emulator } = caller;
    await ask(caller, 'b2c', { OriginatorConversationID: 'first', PartyB: '254711000001' });
    emulator.subscribers.set('254711000002', 'unregistered');
    emulator.subscribers.set('254711000003', 'unknown');
    const { result, body } = await ask(caller, 'b2c', changes);
    expect(result).toMatchObject({ ResultType: 0, ResultCode: code });
    expect(result['TransactionID']).toMatch(/^UA1[0-9A-Z]{7}$/);
    expect(body).not.toContain('ResultParameters');
    expect(result['ReferenceData']).toEqual({
      ReferenceItem: {
        Key: 'QueueTimeoutURL',
        Value: 'https://internalsandbox.safaricom.co.ke/mpesa/b2cresults/v1/submit',
      },
    });
    expect(emulator.books.payouts()).toHaveLength(1);
  });

  test('beyond what a customer may be paid in a day ends in 4, and is possible on the next day in Nairobi', async () => {
    const caller = createDarajaCaller({ openingWalletMinor: 0n });
    const payOut = async (id: string, Amount: string) =>
      (await ask(caller, 'b2c', { OriginatorConversationID: id, Amount })).result['ResultCode'];
    expect([await payOut('a', '250000'), await payOut('b', '250000')]).toEqual([0, 0]);
    const spending = { shortcode: '600984', msisdn: CUSTOMER, amountMinor: 1_000_00n, billReference: 'x' };
    await caller.emulator.customerPays(spending);
    expect(await payOut('c', '10')).toBe(4);
    await caller.clock.advance(21 * 3_600_000);
    await caller.renew();
    expect(await payOut('d', '10')).toBe(0);
  });

  test('beyond what the utility account holds ends in 1, and can be made after a top-up', async () => {
    const caller = createDarajaCaller({
      organisations: [{ shortcode: '600992', name: 'Payer', kind: 'bulk', openingMinor: { 'Utility Account': 9_99n } }],
    });
    expect((await ask(caller, 'b2c')).result['ResultCode']).toBe(1);
    await ask(caller, 'b2b', { CommandID: 'BusinessPayToBulk', PartyB: '600992', Amount: '5', AccountReference: '' });
    expect(caller.emulator.books.accountMinor('600992')).toBe(14_99n);
    expect((await ask(caller, 'b2c', { OriginatorConversationID: 'second' })).result['ResultCode']).toBe(0);
    expect(caller.emulator.books.accountMinor('600992')).toBe(4_99n);
  });

  test('can be made to end in any code, so many times', async () => {
    const caller = createDarajaCaller();
    caller.emulator.forceResult('b2c', { code: '26', description: 'System busy', times: 2 });
    const codes = [];
    for (const id of ['a', 'b', 'c']) {
      codes.push((await ask(caller, 'b2c', { OriginatorConversationID: id })).result['ResultCode']);
    }
    expect(codes).toEqual([26, 26, 0]);
    expect(caller.emulator.books.payouts()).toHaveLength(1);
    expect(() => caller.emulator.forceResult('b2c', { code: '0' })).toThrow('"code" is refused');
  });
});

describe('the security credential', () => {
  test.each([
    ['a wrong password', 'wrong', constants.RSA_PKCS1_PADDING],
    ['another padding', 'Safaricom999!*!', constants.RSA_PKCS1_OAEP_PADDING],
    [
      'a password that was base64-encoded first',
      Buffer.from('Safaricom999!*!').toString('base64'),
      constants.RSA_PKCS1_PADDING,
    ],
  ])('made of %s ends in 2001', async (_, password, padding) => {
    const caller = createDarajaCaller();
    const { result } = await ask(caller, 'b2c', { SecurityCredential: encryptPassword(caller, password, padding) });
    expect(result['ResultCode']).toBe(2001);
    expect(caller.emulator.books.payouts()).toEqual([]);
  });

  test('of nobody ends in 2001', async () => {
    const caller = createDarajaCaller();
    expect((await ask(caller, 'b2c', { InitiatorName: 'somebody' })).result['ResultCode']).toBe(2001);
  });

  test('of somebody without the role ends in 21', async () => {
    const caller = createDarajaCaller({
      initiators: [{ name: 'testapi', password: 'Safaricom999!*!', roles: ['account-balance'] }],
    });
    expect((await ask(caller, 'b2c')).result['ResultCode']).toBe(21);
    expect((await ask(caller, 'balance')).result['ResultCode']).toBe('0');
  });

  test('that was wrong too often is locked, and stays locked when it is right', async () => {
    const caller = createDarajaCaller({ lockedAfterWrongPasswords: 2 });
    const wrong = { SecurityCredential: encryptPassword(caller, 'wrong') };
    const codes = [];
    for (const [index, changes] of [wrong, wrong, {}].entries()) {
      codes.push((await ask(caller, 'b2c', { ...changes, OriginatorConversationID: `${index}` })).result['ResultCode']);
    }
    expect(codes).toEqual([2001, 2001, 8006]);
  });

  test('is another each time, and good each time', async () => {
    const caller = createDarajaCaller();
    expect(encryptPassword(caller)).not.toBe(encryptPassword(caller));
    expect(encryptPassword(caller)).toHaveLength(344);
  });
});

describe('the result', () => {
  test('goes to the other address when the request expires in the queue, and nothing was done', async () => {
    const caller = createDarajaCaller();
    caller.emulator.faults.add({ stage: 'callback', kind: 'queue-timeout', operation: 'b2c' });
    const { result } = await ask(caller, 'b2c');
    expect(caller.received.map(({ url }) => url)).toEqual(['https://shop.example/timeouts/7c']);
    expect(result).toMatchObject({ OriginatorConversationID: '600997_Test_32et3241ed8yu', ResultCode: 17 });
    expect(caller.emulator.books.payouts()).toEqual([]);
  });

  test('can go to the other address although the customer was paid', async () => {
    const caller = createDarajaCaller();
    caller.emulator.faults.add({ stage: 'callback', kind: 'queue-timeout-executed' });
    await ask(caller, 'b2c');
    expect(caller.received.map(({ url }) => url)).toEqual(['https://shop.example/timeouts/7c']);
    expect(caller.emulator.books.payouts()).toHaveLength(1);
  });

  test('can come before the acknowledgement', async () => {
    const caller = createDarajaCaller();
    caller.emulator.faults.add({ stage: 'callback', kind: 'before-reply' });
    await caller.post(...initiatorRequests.b2c(caller));
    expect(caller.received).toHaveLength(1);
  });

  test('can be forged, contradicted and name a wrong amount', async () => {
    const said = async (kind: 'forged' | 'contradicting' | 'wrong-amount', changes: Json = {}): Promise<unknown[]> => {
      const caller = createDarajaCaller();
      caller.emulator.faults.add({ stage: 'callback', kind });
      await caller.post(...initiatorRequests.b2c(caller, changes));
      await caller.clock.advance(60_000);
      return caller.received.map((request) => {
        const result = jsonOf(request)['Result'] as Json;
        return result['ResultParameters'] === undefined
          ? result['ResultCode']
          : parametersOf(result)['TransactionAmount'];
      });
    };
    expect(await said('forged', { Amount: '9' })).toEqual([9, 2]);
    expect(await said('contradicting')).toEqual([10, 1]);
    expect(await said('contradicting', { Amount: '9' })).toEqual([2, 9]);
    expect(await said('wrong-amount')).toEqual([11]);
  });

  test.each<[shape: Json, expected: string]>([
    [{ resultCodes: 'text' }, '"ResultType":"0","ResultCode":"2",'],
    [{ failureParameters: 'object' }, '"ResultParameter":{"Key":"BOCompletedTime","Value":20260101030003}'],
    [{ referenceItem: 'list' }, '"ReferenceItem":[{"Key":"QueueTimeoutURL"'],
    [{ referenceItem: 'without-value' }, '"ReferenceItem":{"Key":"QueueTimeoutURL"}'],
    [{ failureReceipt: 'placeholder' }, '"TransactionID":"UA10000000"'],
  ])('takes the shape %j', async (shapes, expected) => {
    const caller = createDarajaCaller({ shapes });
    const { body } = await ask(caller, 'b2c', { Amount: '9' });
    expect(body).toContain(expected);
  });

  test('can carry an id of the gateway’s in the place of the caller’s', async () => {
    const caller = createDarajaCaller({ shapes: { resultOriginator: 'gateway' } });
    const { result, acknowledged } = await ask(caller, 'b2c');
    expect(result['OriginatorConversationID']).not.toBe('600997_Test_32et3241ed8yu');
    expect(result['ConversationID']).toBe(acknowledged['ConversationID']);
  });
});
