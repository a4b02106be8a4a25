import { setTimeout as wait } from 'node:timers/promises';

import {
  attemptReference,
  type CurrencyCode,
  type IncomingCallback,
  type ProviderFactory,
  parseMoney,
  type SubmitRequest,
  silentLogger,
  systemClock,
  systemRandom,
} from '@canza/core';
import type { ProviderBehaviour, ProviderFault, ProviderStage, ProviderWorld } from '@canza/core/contracts';
import { createHttpTransport } from '@canza/mobile-money/transport';
import type { FaultPlan, HandsetBehaviour, Handsets, RequestFault } from '@canza/sandbox';

import { type CallbackReceiver, startCallbackReceiver } from './callback-receiver.ts';

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

/** What people do at once, so that a test over sockets takes no time. */
export const QUICK_THINKING: Readonly<Record<HandsetBehaviour, number>> = {
  approve: 10,
  decline: 10,
  'wrong-pin': 10,
  ignore: 30,
  unreachable: 10,
  'insufficient-funds': 10,
};

/** One operator on a socket, as the contract of providers wants to see it. */
export interface OperatorUnderTest {
  readonly factory: ProviderFactory;
  readonly msisdn: string;
  readonly currency: CurrencyCode;
  readonly faults: FaultPlan;
  readonly handset: Pick<Handsets, 'set'>;
  /** What else a behaviour means there: nobody declines to be paid, but an operator may refuse to pay. */
  behave?(behaviour: ProviderBehaviour): void;
  readonly secrets: readonly string[];
  /** Movements in the operator's books for one attempt. */
  movements(request: SubmitRequest): number;
  /** Which of the callbacks that arrived anywhere are about one attempt; left out, those under its own address. */
  callbacks?(request: SubmitRequest, receiver: CallbackReceiver): readonly IncomingCallback[];
  idle(): Promise<void>;
  close(): Promise<void>;
}

/** Puts a provider and its operator together over real sockets. */
export async function createProviderWorld(
  start: (receiver: CallbackReceiver) => Promise<OperatorUnderTest>,
): Promise<ProviderWorld> {
  const receiver = await startCallbackReceiver();
  const operator = await start(receiver);
  const transport = createHttpTransport();
  const provider = operator.factory({ transport, clock: systemClock, random: systemRandom, logger: silentLogger });
  let requests = 0;
  return {
    provider,
    newRequest(type) {
      requests += 1;
      const route = provider.routes.find((each) => each.type === type);
      if (route === undefined) throw new Error(`no route for ${type}`);
      const reference = attemptReference(`contract-${type}`, requests);
      const money = parseMoney(String(1000 + requests), operator.currency);
      return { route, reference, money, msisdn: operator.msisdn, callbackUrl: `${receiver.baseUrl}/${reference}` };
    },
    behave(behaviour) {
      operator.handset.set(operator.msisdn, BEHAVIOURS[behaviour]);
      operator.behave?.(behaviour);
    },
    arm(stage: ProviderStage, fault: ProviderFault) {
      if (stage === 'token' && fault === 'token-refused') return false;
      operator.faults.add({ ...FAULTS[fault], stage });
      return true;
    },
    movements: (request) => operator.movements(request),
    pass: async (durationMs) => {
      await wait(Math.min(durationMs, 30));
      await operator.idle();
    },
    callbacks: (request) =>
      operator.callbacks?.(request, receiver) ?? receiver.receivedUnder(new URL(request.callbackUrl).pathname),
    secrets: [...operator.secrets, operator.msisdn],
    async close() {
      await operator.close();
      await Promise.all([receiver.close(), transport.close()]);
    },
  };
}
