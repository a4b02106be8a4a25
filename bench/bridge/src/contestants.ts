/** Ways to ask one customer for money, each as its users write it. */
import http from 'node:http';

import { createMemoryJournal, type Journal, type ProviderFactory } from '@canza/core';
import { createRedisJournal } from '@canza/data/journal';
import { openRedis } from '@canza/data/redis';
import { MMOBridge } from '@canza/mobile-money';
import { mpesa } from '@canza/mobile-money/mpesa';
import { mtnMomo } from '@canza/mobile-money/mtn-momo';
import axios from 'axios';

export interface Surroundings {
  readonly baseUrl: string;
  readonly redisUrl: string | undefined;
}

/** One round: pays, each time anew, and ends. */
export interface Round {
  /** @throws when the payment was not taken. */
  readonly pay: (id: string) => Promise<void>;
  readonly close?: () => Promise<void>;
}

export type Contestant = (surroundings: Surroundings) => Promise<Round>;

/** A number of its own for each payment, as customers have. */
let customers = 0;
const customerOf = (prefix: string): string => `${prefix}${String(1e6 + ((customers += 7) % 9e6)).slice(0, 7)}`;
const kenyan = (): string => customerOf('25470');
const ugandan = (): string => customerOf('25677');
const CALLBACK = 'https://pay.example.com/callbacks/1';
const TOKEN = 'c9SQxWWhmdVRlyh0zh8gZDTkubVF';

/** What an ordinary engineer writes: axios as it comes, on Node's own agent, which keeps connections, and a token held in a variable. */
const bareAxios =
  (httpAgent?: http.Agent): Contestant =>
  async ({ baseUrl }) => ({
    pay: async (id) => {
      const payer = kenyan();
      const timestamp = new Date().toISOString().replace(/\D/g, '').slice(0, 14);
      const { data } = await axios.post<{ ResponseCode: string }>(
        `${baseUrl}/mpesa/stkpush/v1/processrequest`,
        {
          BusinessShortCode: '174379',
          Password: Buffer.from(`174379passkey${timestamp}`).toString('base64'),
          Timestamp: timestamp,
          TransactionType: 'CustomerPayBillOnline',
          Amount: '1000',
          PartyA: payer,
          PartyB: '174379',
          PhoneNumber: payer,
          CallBackURL: CALLBACK,
          AccountReference: id.slice(-12),
          TransactionDesc: 'Payment',
        },
        { headers: { Authorization: `Bearer ${TOKEN}` }, ...(httpAgent === undefined ? {} : { httpAgent }) },
      );
      if (data.ResponseCode !== '0') throw new Error('axios: not accepted');
    },
  });

/** A bridge with everything on; a new one for each round, so that no payment grows old enough to be asked about. */
async function bridge(
  provider: ProviderFactory,
  { currency, amount, payer }: { readonly currency: string; readonly amount: string; readonly payer: () => string },
  journal: Journal,
  end?: () => Promise<void>,
): Promise<Round> {
  const paying = new MMOBridge({
    providers: [provider],
    journal,
    callbacks: { baseUrl: 'https://pay.example.com/callbacks' },
    rateLimits: { [currency === 'KES' ? 'mpesa' : 'mtn-momo']: { perSecond: 1e6, burst: 1e6 } },
  });
  paying.on('payment.changed', () => undefined);
  await paying.initialize();
  return {
    pay: async (id) => {
      const { status, evidence } = await paying.initiateTransaction({
        transactionId: id,
        type: 'collection',
        amount,
        currency,
        phoneNumber: `+${payer()}`,
      });
      if (status !== 'pending' || evidence.at(-1)?.source !== 'reply') throw new Error(`bridge: ${status}`);
    },
    async close() {
      await paying.shutdown();
      await end?.();
    },
  };
}

const IN_KENYA = { currency: 'KES', amount: '1000.00', payer: kenyan };
const IN_UGANDA = { currency: 'UGX', amount: '1000', payer: ugandan };

const ourMpesa = (baseUrl: string): ProviderFactory =>
  mpesa({
    environment: 'sandbox',
    baseUrl,
    consumerKey: 'key',
    consumerSecret: 'secret',
    shortcode: '174379',
    passkey: 'passkey',
  });

const ourMomo = (baseUrl: string): ProviderFactory =>
  mtnMomo({
    targetEnvironment: 'mtnuganda',
    baseUrl,
    collection: {
      subscriptionKey: 'subscription',
      apiUser: '8ab2b7a0-4a06-4b6a-9c3e-000000000000',
      apiKey: 'secret',
    },
  });

async function bridgeOnRedis({ baseUrl, redisUrl = '' }: Surroundings): Promise<Round> {
  const connection = await openRedis({ server: { url: redisUrl } });
  await connection.ready({ timeoutMs: 5000 });
  await connection.run('FLUSHALL', []);
  const journal = createRedisJournal({ connection });
  await journal.initialize();
  return bridge(ourMpesa(baseUrl), IN_KENYA, journal, async () => {
    await journal.close();
    await connection.close();
  });
}

/** @param token Given out in the place of asking for one with each payment, as this client does by itself. */
const mpesaApi =
  (token?: string): Contestant =>
  async ({ baseUrl }) => {
    // The client leaves the port of its address out; Node's own default for plain HTTP is the only way to tell it.
    (http.globalAgent as unknown as { defaultPort: number }).defaultPort = Number(new URL(baseUrl).port);
    const { routes } = (await import('mpesa-api/lib/routes.js')) as { routes: { sandbox: string } };
    routes.sandbox = 'http://127.0.0.1';
    const { Mpesa } = await import('mpesa-api');
    const client = new Mpesa(
      { clientKey: 'key', clientSecret: 'secret', securityCredential: 'x', initiatorPassword: 'x' },
      'sandbox',
    );
    if (token !== undefined) Object.assign(client, { authenticate: async () => token });
    return {
      pay: async () => {
        const payer = kenyan();
        const { ResponseCode } = await client.lipaNaMpesaOnline({
          BusinessShortCode: 174_379,
          Amount: 1000,
          PartyA: payer,
          PartyB: '174379',
          PhoneNumber: payer,
          CallBackURL: CALLBACK,
          AccountReference: 'ref',
          passKey: 'passkey',
        });
        if (ResponseCode !== '0') throw new Error('mpesa-api: not accepted');
      },
    };
  };

/** @param token As above. */
const mpesaNode =
  (token?: string): Contestant =>
  async ({ baseUrl }) => {
    const { default: Mpesa } = (await import('mpesa-node')) as unknown as {
      default: new (
        settings: object,
      ) => {
        baseURL: string;
        lipaNaMpesaOnline(...parts: unknown[]): Promise<{ readonly data: { readonly ResponseCode: string } }>;
      };
    };
    const client = new Mpesa({
      consumerKey: 'key',
      consumerSecret: 'secret',
      lipaNaMpesaShortCode: '174379',
      lipaNaMpesaShortPass: 'passkey',
    });
    client.baseURL = baseUrl;
    if (token !== undefined) Object.assign(client, { oAuth: async () => ({ data: { access_token: token } }) });
    return {
      pay: async () => {
        const { data } = await client.lipaNaMpesaOnline(kenyan(), 1000, CALLBACK, 'ref');
        if (data.ResponseCode !== '0') throw new Error('mpesa-node: not accepted');
      },
    };
  };

const mtnMomoClient: Contestant = async ({ baseUrl }) => {
  const { default: momo } = await import('mtn-momo');
  const client = momo.create({ baseUrl, environment: 'mtnuganda' as never, callbackHost: 'pay.example.com' });
  const collections = client.Collections({
    userId: '8ab2b7a0-4a06-4b6a-9c3e-000000000000',
    userSecret: 'secret',
    primaryKey: 'subscription',
  });
  return {
    pay: async (id) => {
      await collections.requestToPay({
        amount: '1000',
        currency: 'UGX',
        externalId: id,
        payer: { partyIdType: 'MSISDN' as never, partyId: ugandan() },
        payerMessage: 'Payment',
        payeeNote: 'Payment',
      });
    },
  };
};

/** By name; the first one is 1. */
export const CONTESTANTS: Readonly<Record<string, Contestant>> = {
  'axios, token cached': bareAxios(),
  'axios, agent of its own': bareAxios(new http.Agent({ keepAlive: true, maxSockets: 32 })),
  'bridge, journal in memory': ({ baseUrl }) => bridge(ourMpesa(baseUrl), IN_KENYA, createMemoryJournal()),
  'bridge, Redis journal (AOF)': bridgeOnRedis,
  'mpesa-api 3.0.2': mpesaApi(),
  'mpesa-api, given a token': mpesaApi(TOKEN),
  'mpesa-node 0.1.3': mpesaNode(),
  'mpesa-node, given a token': mpesaNode(TOKEN),
  'bridge, MTN MoMo': ({ baseUrl }) => bridge(ourMomo(baseUrl), IN_UGANDA, createMemoryJournal()),
  'mtn-momo 2.0.0': mtnMomoClient,
};
