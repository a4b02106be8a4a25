import momo from 'mtn-momo';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { type MomoServer, startMomoServer } from '../src/mtn-momo/index.ts';

/** A client that others wrote, against the emulator over sockets: what it expects of MTN, we did not choose. */
let server: MomoServer;
let client: ReturnType<typeof momo.create>;
const PAYER = { partyIdType: momo.PayerType.MSISDN, partyId: '256772123456' };
const ORDER = { amount: '12.50', currency: 'EUR', externalId: 'ORD-1001', payerMessage: 'Order', payeeNote: 'Shop' };

beforeAll(async () => {
  server = await startMomoServer({ speed: 1000 });
  client = momo.create({ callbackHost: server.callbackHost, baseUrl: server.baseUrl });
});

afterAll(async () => {
  await server.close();
});

const configOf = (product: 'collection' | 'disbursement') => {
  const { apiUser, apiKey, subscriptionKey } = server.credentials[product];
  return { userId: apiUser, userSecret: apiKey, primaryKey: subscriptionKey };
};

/** Asks until the payment has come to its end. */
async function ended<Payment extends { readonly status: string }>(ask: () => Promise<Payment>): Promise<Payment> {
  for (;;) {
    const payment = await ask();
    if (payment.status !== 'PENDING') return payment;
    await new Promise((resolve) => void setTimeout(resolve, 2));
  }
}

test('makes an API user and its key, and asks a customer to pay with them', async () => {
  const { subscriptionKey } = server.credentials.collection;
  const users = client.Users({ primaryKey: subscriptionKey });
  const userId = await users.create(server.callbackHost);
  const { apiKey } = await users.login(userId);
  const collections = client.Collections({ userId, userSecret: apiKey, primaryKey: subscriptionKey });

  const referenceId = await collections.requestToPay({ ...ORDER, payer: PAYER });
  const payment = await ended(() => collections.getTransaction(referenceId));
  // MTN normalises amounts, and so does the emulator.
  expect(payment).toMatchObject({ status: 'SUCCESSFUL', amount: '12.5', currency: 'EUR', payer: PAYER });
  expect(server.emulator.books.movements({ referenceId })).toHaveLength(1);
});

test('pays a customer, and asks for the balance and whether an account is active', async () => {
  const disbursements = client.Disbursements(configOf('disbursement'));
  const before = Number((await disbursements.getBalance()).availableBalance);
  const referenceId = await disbursements.transfer({ ...ORDER, payee: PAYER });
  await ended(() => disbursements.getTransaction(referenceId));
  expect(server.emulator.books.movements({ referenceId })).toHaveLength(1);
  const { availableBalance, currency } = await disbursements.getBalance();
  expect({ currency, spent: before - Number(availableBalance) }).toEqual({ currency: 'EUR', spent: 12.5 });
  expect(await disbursements.isPayerActive(PAYER.partyId)).toBe(true);
});

test('is told of a customer who declines as an error, and no money moves', async () => {
  const collections = client.Collections(configOf('collection'));
  server.emulator.handset.set(PAYER.partyId, 'decline', 'approve');
  const referenceId = await collections.requestToPay({ ...ORDER, payer: PAYER });
  await expect(ended(() => collections.getTransaction(referenceId))).rejects.toBeInstanceOf(momo.MtnMoMoError);
  expect(server.emulator.books.movements({ referenceId })).toHaveLength(0);
});

test('is told of a refused request as an error', async () => {
  const collections = client.Collections(configOf('collection'));
  const refused = collections.requestToPay({ ...ORDER, currency: 'KES', payer: PAYER });
  await expect(refused).rejects.toBeInstanceOf(momo.InvalidCurrencyError);
  const stranger = client.Collections({ ...configOf('collection'), userSecret: 'another' });
  await expect(stranger.requestToPay({ ...ORDER, payer: PAYER })).rejects.toBeInstanceOf(momo.MtnMoMoError);
});
