import type { ScriptedStep } from '@canza/core/testing';
import { expect, test } from 'vitest';

import { requestBodyOf, requestTextOf } from '../../test/fixtures.ts';
import { errorOf, euros, PAYER, REFERENCE_UUID, reply, SANDBOX, setUp, TOKEN, token } from '../../test/mtn-momo.ts';

const duplicate = reply('x13-duplicate-reference');
const unknown = reply('x14-unknown-reference');
const ANOTHER = '0f8f5d3c-9d0a-4b6a-8f0e-7b7f6f3a1a11';

/** The body of the last request, and where it went. */
function lastOf({ transport, calls }: ReturnType<typeof setUp>) {
  const request = transport.requests.at(-1);
  return { call: calls().at(-1), headers: request?.headers ?? {}, body: request?.body ?? '' };
}

/** A published body, with its amounts spelled with all their decimals. */
const published = (name: string, amounts: object = {}) => ({ ...requestBodyOf(`mtn-momo/${name}`), ...amounts });

const preApproval = {
  reference: REFERENCE_UUID,
  msisdn: PAYER,
  currency: 'EUR',
  message: 'Monthly plan',
  validForSeconds: 3600,
};

test('asks for a pre-approval as published; asking twice asks once', async () => {
  const world = setUp(SANDBOX, token, reply('x25-preapproval'), duplicate);
  await world.provider.preApprovals.ask(preApproval);
  await world.provider.preApprovals.ask(preApproval);
  const { call, headers, body } = lastOf(world);
  expect(call).toBe('POST /collection/v2_0/preapproval');
  expect(headers['x-reference-id']).toBe(REFERENCE_UUID);
  expect(JSON.parse(body)).toEqual(published('x25-preapproval'));
});

test.each<[object, object]>([
  [{ status: 'PENDING' }, { status: 'pending', code: 'PENDING' }],
  [
    { status: 'SUCCESSFUL', expirationDateTime: 1790000000 },
    { status: 'approved', code: 'SUCCESSFUL', expires: '1790000000' },
  ],
  [
    { status: 'FAILED', reason: 'APPROVAL_REJECTED' },
    { status: 'refused', code: 'APPROVAL_REJECTED' },
  ],
  [{ status: 'NEW_WORD' }, { status: 'unknown', code: 'NEW_WORD' }],
])('reads what became of a pre-approval: %j', async (json, expected) => {
  const { provider } = setUp(SANDBOX, token, { json });
  expect(await provider.preApprovals.read(REFERENCE_UUID)).toEqual(expected);
});

test('lists a customer’s approvals and cancels one', async () => {
  const entry = {
    preApprovalId: 77,
    status: 'APPROVED',
    fromCurrency: 'EUR',
    frequency: 'MONTHLY',
    maxDebitAmount: '10',
    offer: null,
  };
  const { provider, calls } = setUp(SANDBOX, token, { json: [entry] }, { text: '' });
  expect(await provider.preApprovals.list(PAYER)).toEqual([
    { preApprovalId: '77', status: 'APPROVED', currency: 'EUR', frequency: 'MONTHLY', maxDebitAmount: '10' },
  ]);
  await provider.preApprovals.cancel('a/77');
  expect(calls().slice(1)).toEqual([
    `GET /collection/v1_0/preapprovals/msisdn/${PAYER}`,
    'DELETE /collection/v1_0/preapproval/a%2F77',
  ]);
});

const invoice = {
  reference: REFERENCE_UUID,
  externalId: 'INV-5001',
  money: euros(3000n),
  validForSeconds: 3600,
  payerMsisdn: PAYER,
  payeeMsisdn: '256772000000',
  description: 'Invoice 5001',
};

test('creates an invoice as published, reads it and cancels it', async () => {
  const world = setUp(SANDBOX, token, reply('x23-invoice'), reply('x24-invoice-created'), unknown, { text: '' });
  const { provider } = world;
  await provider.invoices.create(invoice);
  expect(JSON.parse(lastOf(world).body)).toEqual(published('x23-invoice', { amount: '30.00' }));
  expect(await provider.invoices.read(REFERENCE_UUID)).toEqual({
    finding: { status: 'pending', code: 'CREATED' },
    invoiceId: '990011',
    paymentReference: '884422',
    expires: '2026-11-22T12:00:00',
  });
  expect(await provider.invoices.read(REFERENCE_UUID)).toBeUndefined();
  await provider.invoices.cancel({ reference: REFERENCE_UUID, cancellation: ANOTHER, externalId: 'INV-5001' });
  expect(lastOf(world)).toMatchObject({
    call: `DELETE /collection/v2_0/invoice/${REFERENCE_UUID}`,
    body: '{"externalId":"INV-5001"}',
  });
  expect(lastOf(world).headers['x-reference-id']).toBe(ANOTHER);
});

test('reads why an invoice failed from the field of its own name', async () => {
  const { provider } = setUp(SANDBOX, token, {
    json: { status: 'FAILED', errorReason: { code: 'EXPIRED', message: '' } },
  });
  expect(await provider.invoices.read(REFERENCE_UUID)).toMatchObject({
    finding: { status: 'failed', reason: 'not-answered' },
  });
});

const bill = {
  reference: REFERENCE_UUID,
  externalTransactionId: 'BILL-6001',
  money: euros(4000n),
  customerReference: 'METER-77',
  serviceProviderUserName: 'POWERCO',
  receiverMessage: 'Power',
  senderNote: 'Power',
  maxNumberOfRetries: 3,
  includeSenderCharges: false,
};

test('pays a bill as published, and finds out what became of it', async () => {
  const world = setUp(SANDBOX, token, reply('x26-bill-payment'), reply('x27-bill-payment-pending'));
  expect(await world.provider.billPayments.pay(bill)).toMatchObject({ status: 'pending' });
  expect(JSON.parse(lastOf(world).body)).toEqual(
    published('x26-bill-payment', { money: { amount: '40.00', currency: 'EUR' } }),
  );
  expect(await world.provider.billPayments.read(REFERENCE_UUID)).toEqual({ status: 'pending', code: 'PENDING' });
});

const cash = {
  reference: REFERENCE_UUID,
  externalId: 'REM-4001',
  money: euros(5000n),
  msisdn: PAYER,
  originatingCountry: 'SE',
  originalAmount: '560',
  originalCurrency: 'SEK',
  payerMessage: 'Family',
  payeeNote: 'Family',
  sender: {
    identificationType: 'PASS',
    identificationNumber: 'X1234567',
    msisdn: '46700000000',
    firstName: 'Ada',
    surname: 'Test',
    languageCode: 'en',
    email: 'ada@example.org',
    gender: 'FEMALE',
  },
} as const;

test('sends cash across a border as published, with the field that is misspelt on the wire', async () => {
  const world = setUp(SANDBOX, token, reply('x22-cash-transfer'), reply('x11-transfer-paid-numbers'));
  expect(await world.provider.cashTransfers.send(cash)).toMatchObject({ status: 'pending' });
  expect(JSON.parse(lastOf(world).body)).toEqual(published('x22-cash-transfer', { amount: '50.00' }));
  expect(await world.provider.cashTransfers.read(REFERENCE_UUID)).toMatchObject({ status: 'succeeded' });
});

test.each<[string, ScriptedStep]>([
  ['no reply', { failure: 'timeout' }],
  ['a page', { text: '<html></html>' }],
  ['its own reference', duplicate],
])('does not know whether cash was sent when it is answered with %s', async (_what, step) => {
  const { provider } = setUp(SANDBOX, token, step);
  expect(await errorOf(provider.cashTransfers.send(cash))).toMatchObject({ moneyMoved: 'maybe' });
});

test.each([
  ['a reference of another version', { reference: '7b7f6f3a-9d0a-8b6a-8f0e-0f8f5d3c1a11' }, 'reference'],
  ['a reference in upper case', { reference: REFERENCE_UUID.toUpperCase() }, 'reference'],
  ['an amount with a comma', { originalAmount: '5,60' }, 'originalAmount'],
])('refuses %s before anything is sent', async (_what, overrides, field) => {
  const { provider, transport } = setUp(SANDBOX);
  expect(await errorOf(provider.cashTransfers.send({ ...cash, ...overrides }))).toMatchObject({
    code: 'INVALID_REQUEST',
    field,
  });
  expect(transport.requests).toHaveLength(0);
});

type Provider = ReturnType<typeof setUp>['provider'];
const nothing = { currency: 'EUR', amountMinor: 0n } as const;
const less = { currency: 'EUR', amountMinor: -100n } as const;
const shillings = { currency: 'UGX', amountMinor: 5000n } as const;

test.each<[string, (provider: Provider) => Promise<unknown>, string]>([
  ['cash of nothing', ({ cashTransfers }) => cashTransfers.send({ ...cash, money: nothing }), 'amount'],
  ['cash of less than nothing', ({ cashTransfers }) => cashTransfers.send({ ...cash, money: less }), 'amount'],
  ['cash in another currency', ({ cashTransfers }) => cashTransfers.send({ ...cash, money: shillings }), 'currency'],
  ['cash to no number', ({ cashTransfers }) => cashTransfers.send({ ...cash, msisdn: '+256 772' }), 'msisdn'],
  [
    'cash of no country',
    ({ cashTransfers }) => cashTransfers.send({ ...cash, originatingCountry: 'Sweden' }),
    'originatingCountry',
  ],
  [
    'cash from no number',
    ({ cashTransfers }) => cashTransfers.send({ ...cash, sender: { ...cash.sender, msisdn: '0' } }),
    'sender.msisdn',
  ],
  ['a bill of nothing', ({ billPayments }) => billPayments.pay({ ...bill, money: nothing }), 'amount'],
  ['a bill in another currency', ({ billPayments }) => billPayments.pay({ ...bill, money: shillings }), 'currency'],
  ['an invoice of less than nothing', ({ invoices }) => invoices.create({ ...invoice, money: less }), 'amount'],
  ['an invoice for no number', ({ invoices }) => invoices.create({ ...invoice, payerMsisdn: '' }), 'payerMsisdn'],
  ['an invoice to no number', ({ invoices }) => invoices.create({ ...invoice, payeeMsisdn: 'us' }), 'payeeMsisdn'],
  ['a pre-approval by nobody', ({ preApprovals }) => preApprovals.ask({ ...preApproval, msisdn: 'x' }), 'msisdn'],
  ['a list of nobody’s', ({ preApprovals }) => preApprovals.list('../../v1_0/account/balance'), 'msisdn'],
  ['a name of nobody’s', ({ basicUserInfo }) => basicUserInfo('../active?x='), 'msisdn'],
  [
    'a consent of nobody’s',
    ({ consents }) => consents.ask('collection', { msisdn: '1/MSISDN&x', scope: 'profile', accessType: 'online' }),
    'msisdn',
  ],
])('refuses %s before anything is sent, naming the field', async (_what, call, field) => {
  const { provider, transport } = setUp(SANDBOX);
  expect(await errorOf(call(provider))).toMatchObject({ code: 'INVALID_REQUEST', field });
  expect(transport.requests).toHaveLength(0);
});

test('asks for consent with a form, fetches its token and shows what was agreed to', async () => {
  const issued = {
    access_token: 'consented',
    token_type: 'Bearer',
    expires_in: '3600',
    scope: 'profile',
    refresh_token: 'again',
    refresh_token_expired_in: 86400,
  };
  const world = setUp(SANDBOX, token, reply('x32-consent'), { json: issued }, { json: { sub: '1', name: 'Sand Box' } });
  const { consents } = world.provider;
  const asked = await consents.ask('collection', { msisdn: '46733123454', scope: 'all_info', accessType: 'online' });
  expect(asked).toEqual({
    authReqId: '9d0d3d2e-6a0f-4a3e-9f69-0f9c0f6a7c33',
    intervalSeconds: 5,
    expiresInSeconds: 3600,
  });
  expect(lastOf(world).headers['content-type']).toBe('application/x-www-form-urlencoded');
  expect(Object.fromEntries(new URLSearchParams(lastOf(world).body))).toEqual(
    Object.fromEntries(new URLSearchParams(requestTextOf('mtn-momo/x32-consent'))),
  );

  const consent = await consents.token('collection', asked);
  expect(consent).toEqual({
    accessToken: 'consented',
    expiresInSeconds: 3600,
    scope: 'profile',
    refreshToken: 'again',
    refreshTokenExpiresInSeconds: 86400,
  });
  expect(lastOf(world)).toMatchObject({ call: 'POST /collection/oauth2/token/' });
  expect(lastOf(world).headers['authorization']).toMatch(/^Basic /);

  expect(await consents.userInfo('collection', consent.accessToken)).toEqual({ sub: '1', name: 'Sand Box' });
  expect(lastOf(world).headers['authorization']).toBe('Bearer consented');
  expect(world.transport.requests.filter(({ headers }) => headers['authorization'] === `Bearer ${TOKEN}`)).toHaveLength(
    1,
  );
});

const notification = { reference: REFERENCE_UUID, text: 'Thank you, Ada', language: 'en' };

test('sends the message of a delivery notification twice over: in the body and in a header', async () => {
  const world = setUp(SANDBOX, token, { text: '' });
  expect(await world.provider.notifyPayer(notification)).toBe('queued');
  expect(lastOf(world)).toMatchObject({
    call: `POST /collection/v1_0/requesttopay/${REFERENCE_UUID}/deliverynotification`,
    body: '{"notificationMessage":"Thank you, Ada"}',
  });
  expect(lastOf(world).headers).toMatchObject({ notificationmessage: 'Thank you, Ada', language: 'en' });
});

test.each([
  [404, 'payment-not-found'],
  [409, 'payment-not-completed'],
  [410, 'window-closed'],
])('says why a delivery notification was not queued: HTTP %i', async (status, outcome) => {
  const { provider } = setUp(SANDBOX, token, { status, text: '' });
  expect(await provider.notifyPayer(notification)).toBe(outcome);
});

test('refuses a message that would break the header, or that is too long', async () => {
  const { provider, transport } = setUp(SANDBOX);
  for (const text of ['a\r\nx-injected: 1', 'café', '', 'x'.repeat(161)]) {
    expect(await errorOf(provider.notifyPayer({ ...notification, text }))).toMatchObject({ field: 'text' });
  }
  expect(transport.requests).toHaveLength(0);
});
