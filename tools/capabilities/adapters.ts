import { generateKeyPairSync } from 'node:crypto';
import type { MobileMoneyProvider, ProviderFactory } from '../../packages/core/src/index.ts';

/** One adapter, configured for all that it can do in each of its markets. */
export interface Adapter {
  /** Its subpath of `@canza/mobile-money`. */
  readonly subpath: string;
  readonly providers: readonly MobileMoneyProvider[];
}

const refuse = (): never => {
  throw new Error('asking what an adapter can do sends nothing');
};
const environment: Parameters<ProviderFactory>[0] = {
  transport: refuse,
  clock: { nowMs: () => 0, monotonicMs: () => 0, setTimer: refuse },
  random: { bytes: (length) => new Uint8Array(length), float: () => 0 },
  logger: { debug: refuse, info: refuse, warn: refuse, error: refuse },
};

/** Every adapter of mobile-money, read from its sources; call it once tools/source-packages.ts is loaded. */
export async function readAdapters(): Promise<readonly Adapter[]> {
  const [{ mpesa }, { mtnMomo }, { airtelMoney }, { vodacomMpesa }, mtn, airtel, vodacom] = await Promise.all([
    import('../../packages/mobile-money/src/mpesa/index.ts'),
    import('../../packages/mobile-money/src/mtn-momo/index.ts'),
    import('../../packages/mobile-money/src/airtel-money/index.ts'),
    import('../../packages/mobile-money/src/vodacom-mpesa/index.ts'),
    import('../../packages/mobile-money/src/mtn-momo/markets.ts'),
    import('../../packages/mobile-money/src/airtel-money/markets.ts'),
    import('../../packages/mobile-money/src/vodacom-mpesa/markets.ts'),
  ]);
  const product = { subscriptionKey: 'a-key', apiUser: '00000000-0000-4000-8000-000000000000', apiKey: 'a-key' };
  const baseUrl = 'https://operator.example.com';
  const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const factories: Readonly<Record<string, readonly ProviderFactory[]>> = {
    mpesa: [
      mpesa({
        environment: 'production',
        consumerKey: 'a-key',
        consumerSecret: 'a-secret',
        shortcode: '600100',
        passkey: 'a-passkey',
        initiator: { name: 'api', securityCredential: 'A'.repeat(344) },
        payouts: 'BusinessPayment',
      }),
    ],
    'mtn-momo': mtn.TARGET_ENVIRONMENTS.filter((name) => name !== 'sandbox').map((targetEnvironment) =>
      mtnMomo({ targetEnvironment, collection: product, disbursement: product, remittance: product }),
    ),
    'airtel-money': airtel.AIRTEL_COUNTRIES.map((country) =>
      airtelMoney({
        country,
        environment: 'production',
        baseUrl,
        clientId: 'an-id',
        clientSecret: 'a-secret',
        collection: 'v2',
        disbursement: { api: 'v2' },
        remittance: { channelName: 'Example', payerCountry: 'KENYA', payerFirstName: 'A', payerLastName: 'B' },
        pin: '0000',
      }),
    ),
    'vodacom-mpesa': vodacom.MARKET_CODES.map((market) =>
      vodacomMpesa({
        environment: 'production',
        market,
        apiKey: 'a-key',
        publicKey: publicKey.export({ format: 'der', type: 'spki' }).toString('base64'),
        serviceProviderCode: '000000',
        operations: ['collection', 'disbursement', 'refund'],
      }),
    ),
  };
  return Object.entries(factories).map(([subpath, made]) => ({
    subpath,
    providers: made.map((factory) => factory(environment)),
  }));
}
