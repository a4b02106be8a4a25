import type { IntegrationsConfig } from '@canza/integrations';
import type { AirtelMoneySettings } from '@canza/mobile-money/airtel-money';
import type { MpesaSettings } from '@canza/mobile-money/mpesa';
import type { MtnMomoSettings } from '@canza/mobile-money/mtn-momo';

import type { Emulated, EmulatorOptions } from './emulated.ts';
import type { JournalPlace } from './journals.ts';
import { appClock, real } from './time.ts';

/** What a worker is started with. */
export interface WorkerOptions {
  readonly sinceMs: number;
  readonly journal: JournalPlace;
  readonly callbackBaseUrl: string;
  readonly treasuryKey: string;
  /** By emulator: where its line is, and what a client is configured with. */
  readonly emulators: Partial<Readonly<Record<EmulatorOptions['name'], Emulated>>>;
}

/** The one configuration of a worker, but for what is opened: journal, transport, logger. */
export const configurationOf = (options: WorkerOptions): IntegrationsConfig => ({
  ...operators(options.emulators),
  settlement: {
    aptos: {
      ...chain(options.emulators),
      chainId: 4,
      privateKey: options.treasuryKey,
      expirySeconds: 10,
      timeoutMs: real(5000),
      exchangeTimeoutMs: real(1500),
    },
    policy: {
      submitTimeoutMs: real(2000),
      queryTimeoutMs: real(6000),
      journalTimeoutMs: real(2000),
      insistForMs: real(2000),
      leaseMs: real(2000),
      takeOverAfterMs: real(2000),
      slowestLookMs: real(500),
      retryEveryMs: real(300),
      gapAfterMs: real(3000),
      tickMs: real(100),
    },
    batching: { maxDelayMs: real(20) },
  },
  callbacks: { baseUrl: options.callbackBaseUrl },
  clock: appClock(options.sinceMs),
  policy: {
    submitTimeoutMs: real(1500),
    queryTimeoutMs: real(1500),
    leaseMs: real(2000),
    journalTimeoutMs: real(2000),
    storeAttemptForMs: real(2000),
    storeAnswerForMs: real(5000),
    slowestQueryMs: real(500),
    callbackOnlyMs: real(6000),
    reviewAfterMs: real(40_000),
    tickMs: real(100),
  },
});

const at = ({ baseUrl, settings }: Emulated): object => ({ ...settings, baseUrl });

function operators(emulators: WorkerOptions['emulators']): IntegrationsConfig {
  const { mpesa, 'mtn-momo': mtnMomo, 'airtel-money': airtelMoney } = emulators;
  return {
    ...(mpesa === undefined
      ? {}
      : {
          mpesa: [
            { environment: 'sandbox', ...at(mpesa) } as unknown as MpesaSettings,
            {
              environment: 'sandbox',
              ...at(mpesa),
              passkey: undefined,
              name: 'mpesa-payouts',
              shortcode: '600992',
              payouts: 'BusinessPayment',
            } as unknown as MpesaSettings,
          ],
        }),
    ...(mtnMomo === undefined ? {} : { mtnMomo: at(mtnMomo) as unknown as MtnMomoSettings }),
    ...(airtelMoney === undefined
      ? {}
      : {
          airtelMoney: {
            country: 'UG',
            environment: 'sandbox',
            collection: 'v2',
            disbursement: { api: 'v2' },
            ...at(airtelMoney),
          } as unknown as AirtelMoneySettings,
        }),
  };
}

function chain(emulators: WorkerOptions['emulators']) {
  const { baseUrl, settings } = emulators.aptos ?? { baseUrl: '', settings: {} };
  return {
    nodeUrl: `${baseUrl}${String(settings['path'])}`,
    assets: { USD: { fungibleAsset: String(settings['usdc']), decimals: 6 } },
  };
}
