import { createMemoryJournal, type Finding, type Journal, type Payment } from '@canza/core';
import {
  createRecordingLogger,
  createSeededRandom,
  createTurnedClock,
  type ScriptedProvider,
  type TurnedClock,
} from '@canza/core/testing';
import { afterEach, expect } from 'vitest';

import { MMOBridge } from '../src/bridge/bridge.ts';
import type { BridgeSettings } from '../src/bridge/settings.ts';
import type { TransactionRequest } from '../src/bridge/transaction-request.ts';

export const REQUEST: TransactionRequest = {
  transactionId: 'tx_123',
  type: 'collection',
  amount: '1000.00',
  currency: 'KES',
  phoneNumber: '+254700123456',
  description: 'Payment for services',
};
export const PAID: Finding = { status: 'succeeded', code: '0', money: { currency: 'KES', amountMinor: 100_000n } };
export const MINUTE_MS = 60_000;
export const DAY_MS = 24 * 60 * MINUTE_MS;

/** A bridge, what it stands on, and what it said. */
export interface World {
  readonly bridge: MMOBridge;
  readonly clock: TurnedClock;
  readonly journal: Journal;
  readonly logger: ReturnType<typeof createRecordingLogger>;
  readonly changes: readonly Payment[];
  /** The same configuration and journal in another process. */
  another(): Promise<World>;
  callback(finding: object, extra?: object): Promise<Response>;
}

type WorldSettings = { clock?: TurnedClock; journal?: Journal; seed?: number } & Pick<
  BridgeSettings,
  'policy' | 'routing' | 'rateLimits' | 'rateLimiter' | 'cache'
>;

const open: World[] = [];

/** Starts a bridge on a clock that stands still; it is shut down after the test, and must leave no timer behind. */
export async function world(providers: readonly ScriptedProvider[], shared: WorldSettings = {}): Promise<World> {
  const { clock = createTurnedClock(), journal = createMemoryJournal(), seed = 1, ...settings } = shared;
  const logger = createRecordingLogger();
  const bridge = new MMOBridge({
    providers: providers.map(({ factory }) => factory),
    journal,
    callbacks: { baseUrl: 'https://pay.example.com/callbacks/' },
    transport: async () => {
      throw new Error('A scripted provider sends nothing.');
    },
    clock,
    random: createSeededRandom(seed),
    logger,
    ...settings,
  });
  const changes: Payment[] = [];
  bridge.on('payment.changed', ({ payment }) => changes.push(payment));
  await bridge.initialize();
  const made: World = {
    bridge,
    clock,
    journal,
    logger,
    changes,
    another: () => world(providers, { clock, journal, seed: seed + 1, ...settings }),
    callback: (finding, extra = {}) => {
      const url = providers.flatMap(({ sends }) => sends).at(-1)?.callbackUrl ?? '';
      const body = JSON.stringify({ finding, ...extra }, (_, value: unknown) =>
        typeof value === 'bigint' ? value.toString() : value,
      );
      return bridge.handleCallback(new Request(url, { method: 'POST', body }));
    },
  };
  open.push(made);
  return made;
}

afterEach(async () => {
  const worlds = open.splice(0);
  for (const { bridge, clock } of worlds) await clock.runUntil(bridge.shutdown());
  for (const { clock } of worlds) expect(clock.pendingTimers, 'timers left behind').toBe(0);
});
