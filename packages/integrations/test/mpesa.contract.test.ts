import { setTimeout as wait } from 'node:timers/promises';

import { attemptReference, parseMoney, type SubmitRequest, silentLogger, systemClock, systemRandom } from '@canza/core';
import { describeProvider, type ProviderFault, type ProviderStage, type ProviderWorld } from '@canza/core/contracts';
import { mpesa } from '@canza/mobile-money/mpesa';
import { createHttpTransport } from '@canza/mobile-money/transport';
import { type HandsetBehaviour, type RequestFault, startDarajaServer, TEST_SHORTCODE } from '@canza/sandbox';
import { describe, it } from 'vitest';

import { startCallbackReceiver } from './support/callback-receiver.ts';

const FAULTS: Readonly<Record<ProviderFault, Omit<RequestFault, 'stage'>>> = {
  'request-lost': { kind: 'request-lost' },
  'reply-lost': { kind: 'reply-lost' },
  'error-500-before': { kind: 'server-error', accepted: false },
  'error-500-after': { kind: 'server-error', accepted: true },
  html: { kind: 'html' },
  'empty-200': { kind: 'empty' },
  'cut-json': { kind: 'cut-json' },
  'too-many-requests': { kind: 'throttled' },
  'token-refused': { kind: 'token-revoked' },
  hang: { kind: 'hang' },
};
const BEHAVIOURS = {
  approves: 'approve',
  declines: 'decline',
  'lacks-funds': 'insufficient-funds',
  ignores: 'ignore',
} as const satisfies Record<string, HandsetBehaviour>;

const QUICK = { approve: 10, decline: 10, 'wrong-pin': 10, ignore: 30, unreachable: 10, 'insufficient-funds': 10 };

async function createWorld(): Promise<ProviderWorld> {
  const daraja = await startDarajaServer({
    timings: { thinkingMs: QUICK, refusalMs: 5, callbackDelayMs: 5, unreachableCallbackDelayMs: 5 },
  });
  const receiver = await startCallbackReceiver();
  const transport = createHttpTransport();
  const { shortcode, passkey } = TEST_SHORTCODE;
  const provider = mpesa({
    environment: 'sandbox',
    baseUrl: daraja.baseUrl,
    ...daraja.credentials,
    shortcode,
    passkey,
  })({
    transport,
    clock: systemClock,
    random: systemRandom,
    logger: silentLogger,
  });
  const msisdn = '254722000001';
  const pathOf = ({ callbackUrl }: SubmitRequest): string => new URL(callbackUrl).pathname;
  let requests = 0;
  return {
    provider,
    newRequest(type) {
      requests += 1;
      const route = provider.routes.find((each) => each.type === type);
      if (route === undefined) throw new Error(`no route for ${type}`);
      const reference = attemptReference('contract', requests);
      const money = parseMoney(`${100 + requests}.00`, 'KES');
      return { route, reference, money, msisdn, callbackUrl: `${receiver.baseUrl}/${reference}` };
    },
    behave: (behaviour) => daraja.emulator.handset.set(msisdn, BEHAVIOURS[behaviour]),
    arm(stage: ProviderStage, fault: ProviderFault) {
      if (stage === 'token' && fault === 'token-refused') return false;
      daraja.emulator.faults.add({ ...FAULTS[fault], stage });
      return true;
    },
    movements: (request) => daraja.emulator.books.byCallbackUrl(request.callbackUrl).length,
    pass: async (durationMs) => {
      await wait(Math.min(durationMs, 30));
      await daraja.emulator.idle();
    },
    callbacks: (request) => receiver.received(pathOf(request)),
    secrets: [daraja.credentials.consumerKey, daraja.credentials.consumerSecret, passkey, msisdn],
    async close() {
      await daraja.close();
      await Promise.all([receiver.close(), transport.close()]);
    },
  };
}

describeProvider({ describe, it }, 'M-Pesa over sockets', { create: createWorld, decidedAfterMs: 30 });
