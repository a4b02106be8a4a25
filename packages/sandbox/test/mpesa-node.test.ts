import { rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import Mpesa from 'mpesa-node';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { type DarajaServer, startDarajaServer } from '../src/index.ts';

/** A client that others wrote, against the emulator over sockets: what it expects of Daraja, we did not choose. */
let server: DarajaServer;
let receiver: Server;
let client: Mpesa;
let callbacks: string;
const certPath = join(tmpdir(), `canza-sandbox-${process.pid}.pem`);
const MSISDN = 254_712_345_678;

beforeAll(async () => {
  server = await startDarajaServer({ speed: 1_000, shapes: { longTexts: 'taken' } });
  receiver = createServer((request, response) => {
    request.resume();
    response.end('{"ResultCode":"0","ResultDesc":"Accepted"}');
  });
  await new Promise<void>((resolve) => void receiver.listen(0, '127.0.0.1', resolve));
  callbacks = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`;
  const { credentials, initiator, stkShortcodes } = server;
  await writeFile(certPath, initiator.certificate);
  client = new Mpesa({
    ...credentials,
    shortCode: '600984',
    lipaNaMpesaShortCode: stkShortcodes[0]?.shortcode ?? '',
    lipaNaMpesaShortPass: stkShortcodes[0]?.passkey ?? '',
    initiatorName: initiator.name,
    securityCredential: initiator.password,
    certPath,
  });
  client.baseURL = server.baseUrl;
});

afterAll(async () => {
  receiver.closeAllConnections();
  receiver.close();
  await server.close();
  await rm(certPath, { force: true });
});

/** Waits until so many callbacks of an operation were answered with 200. */
async function answered(operation: string, count = 1): Promise<void> {
  const done = () =>
    server.emulator.deliveries.filter((one) => one.operation === operation && one.status === 200).length;
  while (done() < count) await new Promise((resolve) => void setTimeout(resolve, 2));
}

test('is paid by prompt, asks what became of it, and gives it back', async () => {
  const { data } = await client.lipaNaMpesaOnline(MSISDN, 10, `${callbacks}/stk`, 'order 1');
  await answered('stk-push');
  const query = await client.lipaNaMpesaQuery(data['CheckoutRequestID'] ?? '');
  expect(query.data).toMatchObject({ ResponseCode: '0', ResultCode: '0' });
  const [charge] = server.emulator.books.charges({ channel: 'stk' });
  await client.reversal(charge?.receipt ?? '', 10, `${callbacks}/to`, `${callbacks}/result`, '174379');
  await answered('reversal');
  expect(server.emulator.books.reversedMinor()).toBe(server.emulator.books.chargedMinor({ channel: 'stk' }));
});

test('registers its addresses and hears of a customer’s payment', async () => {
  await client.c2bRegister(`${callbacks}/confirmation`, `${callbacks}/validation`);
  await client.c2bSimulate(MSISDN, 100, 'A1');
  await answered('c2b-confirmation');
  expect(server.emulator.books.chargedMinor({ channel: 'c2b' })).toBe(100_00n);
});

test('pays a customer with a credential of its own making, and asks for status and balance', async () => {
  await client.b2c('600992', MSISDN, 50, `${callbacks}/to`, `${callbacks}/result`);
  await answered('b2c');
  const [payout] = server.emulator.books.payouts();
  expect(payout?.amountMinor).toBe(50_00n);
  await client.transactionStatus(payout?.receipt ?? '', '600992', 4, `${callbacks}/to`, `${callbacks}/result`);
  await client.accountBalance('600992', 4, `${callbacks}/to`, `${callbacks}/result`);
  await answered('transaction-status');
  await answered('account-balance');
  expect(server.emulator.conversations.map(({ status }) => status)).not.toContain('Declined');
});

test('is told of a refusal as an error', async () => {
  await expect(client.lipaNaMpesaOnline(MSISDN, 0.5, `${callbacks}/stk`, 'order 2')).rejects.toMatchObject({
    response: { status: 400, data: { errorMessage: 'Bad Request - Invalid Amount' } },
  });
});
