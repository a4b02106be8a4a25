import type { Clock, PaymentType, ProviderFactory, Random, Transport } from '@canza/core';
import { airtelMoney } from '@canza/mobile-money/airtel-money';
import { mpesa } from '@canza/mobile-money/mpesa';
import { mtnMomo } from '@canza/mobile-money/mtn-momo';
import { vodacomMpesa } from '@canza/mobile-money/vodacom-mpesa';
import {
  createAirtelEmulator,
  createDarajaEmulator,
  createMomoEmulator,
  createVodacomEmulator,
  type FaultPlan,
  type Handsets,
  TEST_SHORTCODE,
} from '@canza/sandbox';

export interface OperatorPorts {
  readonly clock: Clock;
  readonly random: Random;
  readonly deliver: Transport;
  /** Where the bridge takes callbacks. */
  readonly callbackBaseUrl: string;
}

/** An operator as a plain function, and a provider that speaks to it. */
export interface PlayedOperator {
  /** The ways to the wallet, one for each credential. */
  readonly factories: readonly [ProviderFactory, ...ProviderFactory[]];
  readonly transport: Transport;
  readonly faults: FaultPlan;
  readonly handset: Handsets;
  readonly secrets: readonly string[];
  /** What moved for this number, in minor units, by the operator's own books. */
  moved(msisdn: string): readonly bigint[];
  close(): Promise<void>;
}

export interface OperatorCase {
  readonly name: string;
  readonly type: Exclude<PaymentType, 'refund' | 'remittance'>;
  readonly msisdn: string;
  readonly amount: string;
  readonly amountMinor: bigint;
  readonly currency: string;
  play(ports: OperatorPorts): PlayedOperator;
}

const amounts = (movements: readonly { readonly amountMinor: bigint }[]): readonly bigint[] =>
  movements.map(({ amountMinor }) => amountMinor);

const KENYA = { msisdn: '254722123456', amount: '1000.00', amountMinor: 100_000n, currency: 'KES' } as const;
const UGANDA = { amount: '5000', amountMinor: 5000n, currency: 'UGX' } as const;

const playAirtel = (ports: OperatorPorts): PlayedOperator => {
  const emulator = createAirtelEmulator({
    ...ports,
    magicNumbers: false,
    application: { callbackUrl: `${ports.callbackBaseUrl}/airtel-money`, callbackKey: 'journey-callback-key' },
  });
  const { clientId, clientSecret, pin } = emulator.application;
  return {
    ...emulator,
    factories: [
      airtelMoney({
        country: 'UG',
        environment: 'sandbox',
        clientId,
        clientSecret,
        collection: 'v2',
        disbursement: { api: 'v2' },
        pin,
        callbackKey: 'journey-callback-key',
      }),
    ],
    secrets: [clientSecret, 'journey-callback-key'],
    moved: (msisdn) => amounts([...emulator.books.collections({ msisdn }), ...emulator.books.payouts({ msisdn })]),
  };
};

const playMomo =
  (...names: readonly [string, ...string[]]) =>
  (ports: OperatorPorts): PlayedOperator => {
    const emulator = createMomoEmulator({
      ...ports,
      environment: { targetEnvironment: 'mtnuganda', currency: 'UGX' },
      callbackHost: new URL(ports.callbackBaseUrl).hostname,
      openingWalletMinor: 1_000_000n,
      openingAccountMinor: 10_000_000n,
    });
    const { collection, disbursement } = emulator.credentials;
    const { callbackHost } = emulator;
    const factoryOf = (name: string): ProviderFactory =>
      mtnMomo({ name, targetEnvironment: 'mtnuganda', collection, disbursement, callbackHost });
    const [first, ...others] = names;
    return {
      ...emulator,
      factories: [factoryOf(first), ...others.map(factoryOf)],
      secrets: [collection.apiKey, collection.subscriptionKey, disbursement.apiKey],
      moved: (msisdn) => amounts(emulator.books.movements({ msisdn })),
    };
  };

const playVodacom =
  (responses: 'synchronous' | 'asynchronous') =>
  (ports: OperatorPorts): PlayedOperator => {
    const emulator = createVodacomEmulator({
      ...ports,
      application: {
        serviceProviderCodes: ['171717'],
        responses,
        responseUrl: `${ports.callbackBaseUrl}/vodacom-mpesa`,
      },
    });
    return {
      ...emulator,
      factories: [
        vodacomMpesa({
          environment: 'sandbox',
          market: 'TZN',
          operations: ['collection', 'disbursement'],
          apiKey: emulator.application.apiKey,
          publicKey: emulator.publicKey,
          serviceProviderCode: '171717',
        }),
      ],
      secrets: [emulator.application.apiKey],
      moved: (party) => amounts([...emulator.books.collections({ party }), ...emulator.books.payouts({ party })]),
    };
  };

const TANZANIA = { msisdn: '255754123456', amount: '5000.00', amountMinor: 500_000n, currency: 'TZS' } as const;

/** Customers are asked through the pay bill, and through a till beside it where there are two ways. */
const playDarajaCollections =
  (ways: 'pay bill' | 'pay bill and till') =>
  (ports: OperatorPorts): PlayedOperator => {
    const emulator = createDarajaEmulator(ports);
    const { credentials, stkShortcodes } = emulator;
    const [paybill = TEST_SHORTCODE, till] = stkShortcodes;
    const account = { environment: 'sandbox', ...credentials } as const;
    const { shortcode, passkey } = paybill;
    const throughTill =
      till?.till === undefined
        ? []
        : [
            mpesa({
              ...account,
              name: 'mpesa-till',
              shortcode: till.shortcode,
              passkey: till.passkey,
              till: till.till,
            }),
          ];
    return {
      ...emulator,
      factories: [mpesa({ ...account, shortcode, passkey }), ...(ways === 'pay bill' ? [] : throughTill)],
      secrets: [credentials.consumerSecret, passkey],
      moved: (msisdn) => amounts(emulator.books.charges({ msisdn })),
    };
  };

/** Every way of moving money that a bridge and an emulator can be put through. */
export const OPERATOR_CASES: readonly OperatorCase[] = [
  { name: 'M-Pesa', type: 'collection', ...KENYA, play: playDarajaCollections('pay bill') },
  { name: 'M-Pesa, two ways', type: 'collection', ...KENYA, play: playDarajaCollections('pay bill and till') },
  {
    name: 'M-Pesa',
    type: 'disbursement',
    ...KENYA,
    play(ports) {
      const emulator = createDarajaEmulator(ports);
      const { initiator, credentials } = emulator;
      return {
        ...emulator,
        factories: [
          mpesa({ environment: 'sandbox', ...credentials, shortcode: '600992', initiator, payouts: 'BusinessPayment' }),
        ],
        secrets: [credentials.consumerSecret, initiator.password],
        moved: (msisdn) => amounts(emulator.books.payouts({ msisdn })),
      };
    },
  },
  { name: 'Airtel Money', type: 'collection', msisdn: '256752123456', ...UGANDA, play: playAirtel },
  { name: 'Airtel Money', type: 'disbursement', msisdn: '256752123456', ...UGANDA, play: playAirtel },
  { name: 'MTN MoMo', type: 'collection', msisdn: '256772123456', ...UGANDA, play: playMomo('mtn-momo') },
  { name: 'MTN MoMo', type: 'disbursement', msisdn: '256772123456', ...UGANDA, play: playMomo('mtn-momo') },
  {
    name: 'MTN MoMo, two ways',
    type: 'disbursement',
    msisdn: '256772123456',
    ...UGANDA,
    play: playMomo('mtn-momo', 'mtn-momo-beside'),
  },
  { name: 'Vodacom M-Pesa, answered at once', type: 'collection', ...TANZANIA, play: playVodacom('synchronous') },
  { name: 'Vodacom M-Pesa, answered later', type: 'collection', ...TANZANIA, play: playVodacom('asynchronous') },
  { name: 'Vodacom M-Pesa, answered later', type: 'disbursement', ...TANZANIA, play: playVodacom('asynchronous') },
];
