/** One operator's system, or the chain, in a process of its own: books that survive whatever happens to the app. */
import { createSeededRandom } from '@canza/core/testing';
import {
  APTOS_ASSETS,
  type AptosAddress,
  CALLBACK_FAULT_KINDS,
  type Fault,
  type FaultPlan,
  type Handsets,
  REQUEST_FAULT_KINDS,
  startAirtelServer,
  startAptosServer,
  startDarajaServer,
  startMomoServer,
} from '@canza/sandbox';

import {
  chargeAtMpesa,
  collectionAtAirtel,
  movementAtMtn,
  payoutAtAirtel,
  payoutAtMpesa,
  refundAtAirtel,
  reversalAtMpesa,
} from '../operators/movements.ts';
import { answerWith, startedWith } from './asking.ts';
import type { Booked, Emulated, EmulatorOptions, Transfer } from './emulated.ts';
import { personOf } from './people.ts';
import { FASTER } from './time.ts';

const options = startedWith() as EmulatorOptions;
const { seed, people, operators, faultShare, callbackBaseUrl } = options;

/** Nobody runs out of money. */
const PLENTY = 10n ** 15n;
const CALLBACK_KEY = 'chaos-callback-key';
const SLOW_MS = [200, 1000, 3000] as const;
const LATE_MS = [50, 1000, 4000] as const;
/** Kinds that leave open whether the operator has accepted. */
const LEAVE_OPEN: ReadonlySet<string> = new Set(['server-error', 'html', 'hang']);

const requestFaults = (['token', 'submit', 'query'] as const).flatMap((stage) =>
  REQUEST_FAULT_KINDS.flatMap((kind): Fault[] => {
    if (kind === 'slow') return SLOW_MS.map((delayMs) => ({ stage, kind, accepted: true, delayMs }));
    if (!LEAVE_OPEN.has(kind)) return [{ stage, kind }];
    return [true, false].map((accepted) => ({ stage, kind, accepted }));
  }),
);
const callbackFaults = CALLBACK_FAULT_KINDS.flatMap((kind) =>
  LATE_MS.map((delayMs): Fault => ({ stage: 'callback', kind, delayMs })),
);
const chainFaults: readonly Fault[] = [
  { stage: 'submit', kind: 'reply-lost' },
  { stage: 'submit', kind: 'request-lost' },
  { stage: 'submit', kind: 'html', accepted: true },
  { stage: 'submit', kind: 'html', accepted: false },
  { stage: 'submit', kind: 'throttled' },
  { stage: 'query', kind: 'html' },
  { stage: 'query', kind: 'throttled' },
  { stage: 'query', kind: 'cut-json' },
  { stage: 'chain', kind: 'lagging-node', delayMs: 1000 },
  { stage: 'chain', kind: 'held', delayMs: 2000 },
  { stage: 'chain', kind: 'dropped' },
  { stage: 'chain', kind: 'mempool-full' },
];

function disturb(faults: FaultPlan, ...candidates: readonly (readonly Fault[])[]): void {
  for (const [index, each] of candidates.entries()) {
    faults.draw({ random: createSeededRandom(seed + index), share: faultShare, candidates: each });
  }
}

interface Played {
  readonly emulated: Emulated;
  readonly faults: FaultPlan;
  readonly movements?: () => readonly Booked[];
  readonly transfers?: () => readonly Transfer[];
  readonly close: () => Promise<void>;
}

const PLAYS: Readonly<Record<EmulatorOptions['name'], () => Promise<Played>>> = {
  async mpesa() {
    const { baseUrl, emulator, close } = await startDarajaServer({
      speed: FASTER,
      timings: { repeatWindowMs: 0, sessionLockMs: 0 },
    });
    disturb(emulator.faults, requestFaults, callbackFaults);
    givePhones(emulator.handset);
    const { credentials, initiator, books } = emulator;
    const [{ shortcode, passkey } = { shortcode: '', passkey: '' }] = emulator.stkShortcodes;
    return {
      emulated: { baseUrl, settings: { ...credentials, shortcode, passkey, initiator } },
      faults: emulator.faults,
      movements: () => [
        ...books.charges().map((row) => ({ ...chargeAtMpesa(row), currency: 'KES', msisdn: row.msisdn })),
        ...books.payouts().map((row) => ({ ...payoutAtMpesa(row), currency: 'KES', msisdn: row.msisdn })),
        ...books.reversals().map((row) => ({ ...reversalAtMpesa(row), currency: 'KES', msisdn: row.msisdn })),
      ],
      close,
    };
  },
  async 'mtn-momo'() {
    const { baseUrl, emulator, close, credentials, environment, callbackHost } = await startMomoServer({
      speed: FASTER,
      environment: { targetEnvironment: 'mtnuganda', currency: 'UGX' },
      callbackHost: new URL(callbackBaseUrl).hostname,
      openingWalletMinor: PLENTY,
      openingAccountMinor: PLENTY,
    });
    disturb(emulator.faults, requestFaults, callbackFaults);
    givePhones(emulator.handset);
    const { collection, disbursement } = credentials;
    const { targetEnvironment } = environment;
    return {
      emulated: { baseUrl, settings: { targetEnvironment, collection, disbursement, callbackHost } },
      faults: emulator.faults,
      movements: () =>
        emulator.books.movements().map((row) => ({ ...movementAtMtn(row), currency: 'UGX', msisdn: row.msisdn })),
      close,
    };
  },
  async 'airtel-money'() {
    const { baseUrl, emulator, close, application } = await startAirtelServer({
      speed: FASTER,
      magicNumbers: false,
      application: { callbackUrl: `${callbackBaseUrl}/airtel-money`, callbackKey: CALLBACK_KEY },
      shapes: { payouts: 'later' },
    });
    disturb(emulator.faults, requestFaults, callbackFaults);
    givePhones(emulator.handset);
    const { books, publicKey } = emulator;
    const { clientId, clientSecret, pin } = application;
    return {
      emulated: { baseUrl, settings: { clientId, clientSecret, pin, publicKey, callbackKey: CALLBACK_KEY } },
      faults: emulator.faults,
      movements: () => [
        ...books.collections().map((row) => ({ ...collectionAtAirtel(row), currency: 'UGX', msisdn: row.msisdn })),
        ...books.payouts().map((row) => ({ ...payoutAtAirtel(row), currency: 'UGX', msisdn: row.msisdn })),
        ...books.refunds().map((row) => ({ ...refundAtAirtel(row), currency: 'UGX', msisdn: row.msisdn })),
      ],
      close,
    };
  },
  async aptos() {
    const owner = (options.treasury ?? '0x0') as AptosAddress;
    const { usdc, apt } = APTOS_ASSETS;
    const { baseUrl, nodeUrl, emulator, close } = await startAptosServer({
      blockIntervalMs: 50,
      balances: [usdc, apt].map((asset) => ({ owner, asset, amountMinor: PLENTY })),
    });
    emulator.chain.produceBlock();
    disturb(emulator.faults, chainFaults);
    return {
      emulated: { baseUrl, settings: { path: nodeUrl.slice(baseUrl.length), usdc } },
      faults: emulator.faults,
      transfers: () => emulator.books.movements({ kind: 'transfer', asset: usdc }),
      close,
    };
  },
};

function givePhones(handset: Handsets): void {
  for (let index = 0; index < people; index++) {
    const { operator, msisdn, behaviour } = personOf(seed, index, operators);
    if (operator === options.name) handset.set(msisdn, behaviour);
  }
}

const { emulated, faults, movements, transfers, close } = await PLAYS[options.name]();
answerWith(
  {
    address: () => emulated,
    calm: () => faults.clear(),
    struck: () => faults.struck.length,
    movements: () => movements?.() ?? [],
    transfers: () => transfers?.().map(({ to, amountMinor, hash }): Transfer => ({ to, amountMinor, hash })) ?? [],
  },
  close,
);
