import { expect, test } from 'vitest';

import { createVodacomCaller, PAYER, said, TZS } from '../../test/vodacom-caller.ts';

const OPENING = 1_000_000_000n;

test.each(['b2cPayment', 'b2cPayment/singleStage'])('pays a customer over %s', async (operation) => {
  const { emulator, call, query, settled } = await createVodacomCaller();
  const answer = await settled(
    call('POST', operation, {
      input_Country: 'TZN',
      input_ServiceProviderCode: '000000',
      input_ThirdPartyConversationID: 'payout1',
      input_Amount: '250.50',
      input_Currency: 'TZS',
      input_CustomerMSISDN: PAYER,
      input_TransactionReference: 'T1',
      input_PaymentItemsDesc: 'Salary',
    }),
  );
  expect(answer).toMatchObject({ http: 200, output_ResponseCode: 'INS-0', output_ThirdPartyConversationID: 'payout1' });
  expect(emulator.books.payouts({ thirdPartyConversationId: 'payout1' })).toMatchObject([{ amountMinor: 25_050n }]);
  expect(emulator.books.walletMinor(TZS, PAYER)).toBe(OPENING + 25_050n);
  expect(said(await query(String(answer['output_ConversationID'])))).toMatchObject({
    output_ResponseTransactionStatus: 'Completed',
    output_OriginalTransactionID: answer['output_TransactionID'],
  });
});

test('refuses a comma in the items of a payout by a code of its own', async () => {
  const { payOut } = await createVodacomCaller();
  expect(said(await payOut({ input_PaymentItemsDesc: 'a, b' }))).toMatchObject({ output_ResponseCode: 'INS-31' });
});

test('does not pay out what is not there', async () => {
  const { emulator, payOut, transfer, settled } = await createVodacomCaller({ openingOrganisationMinor: 99_999n });
  expect(await settled(payOut())).toMatchObject({ http: 422, output_ResponseCode: 'INS-2006' });
  expect(await settled(transfer())).toMatchObject({ http: 422, output_ResponseCode: 'INS-2006' });
  expect(emulator.books.organisationMinor(TZS, '000000')).toBe(99_999n);
});

test('two payouts at once cannot spend the same money', async () => {
  const { emulator, clock, payOut } = await createVodacomCaller({ openingOrganisationMinor: 150_000n });
  const both = [payOut(), payOut({ input_ThirdPartyConversationID: 'payout2' })];
  await clock.advance(5_000);
  const codes = (await Promise.all(both)).map((one) => String(said(one)['output_ResponseCode']));
  expect(codes.toSorted((left, right) => left.localeCompare(right))).toEqual(['INS-0', 'INS-2006']);
  expect(emulator.books.payouts()).toHaveLength(1);
});

test('pays another organisation, and not itself', async () => {
  const { emulator, transfer, settled } = await createVodacomCaller();
  expect(await settled(transfer())).toMatchObject({ http: 200, output_TransactionID: expect.any(String) });
  expect(emulator.books.transfers()).toMatchObject([{ organisation: '000000', party: '979797' }]);
  expect(emulator.books.organisationMinor(TZS, '979797')).toBe(OPENING + 100_000n);
  expect(emulator.books.transferredMinor(TZS)).toBe(100_000n);
  for (const changes of [{ input_ReceiverPartyCode: '000000' }, { input_PrimaryPartyCode: '979797' }]) {
    const id = { input_ThirdPartyConversationID: 'transfer2' };
    expect(said(await transfer({ ...id, ...changes }))).toMatchObject({ output_ResponseCode: 'INS-13' });
  }
});

const TRIGGERS: readonly [last: string, http: number, code: string, status: string, paid: number][] = [
  ['1', 200, 'INS-0', 'Completed', 1],
  ['2', 400, 'INS-1', 'Cancelled', 0],
  ['3', 401, 'INS-6', 'Cancelled', 0],
  ['4', 408, 'INS-9', 'Completed', 1],
  ['5', 400, 'INS-15', 'Cancelled', 0],
  ['6', 422, 'INS-2006', 'Cancelled', 0],
  ['7', 503, 'INS-16', 'Cancelled', 0],
];

test.each(TRIGGERS)('triggers ending in %s are answered with HTTP %i %s', async (last, http, code, status, paid) => {
  const { emulator, clock, payOut, transfer, query } = await createVodacomCaller();
  const answers = [
    await payOut({ input_CustomerMSISDN: `00000000000${last}` }),
    await transfer({ input_ReceiverPartyCode: `00000${last}` }),
  ];
  for (const answer of answers) expect(said(answer)).toMatchObject({ http, output_ResponseCode: code });
  await clock.advance(5_000);
  for (const id of ['payout1', 'transfer1']) {
    expect(said(await query(id))).toMatchObject({ output_ResponseTransactionStatus: status });
  }
  expect(emulator.books.payouts()).toHaveLength(paid);
  expect(emulator.books.transfers()).toHaveLength(paid);
});
