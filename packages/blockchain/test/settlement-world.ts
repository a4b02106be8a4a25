import { createMemoryJournal, type Journal } from '@canza/core';
import {
  createModelNetwork,
  createRecordingLogger,
  createSeededRandom,
  createTurnedClock,
  MODEL_ASSETS,
  ModelLedger,
  type ModelLedgerSettings,
  type ModelNetwork,
  type ModelNetworkSettings,
  type TurnedClock,
} from '@canza/core/testing';
import { afterEach, expect } from 'vitest';

import type { SettlementAlert } from '../src/service/events.ts';
import type { SettlementRequest } from '../src/service/request.ts';
import type { SettlementSettings } from '../src/service/settings.ts';
import { SettlementService } from '../src/service/settlement-service.ts';
import type { Settlement } from '../src/service/view.ts';

export const REQUEST: SettlementRequest = {
  settlementId: 'settlement_123',
  amount: '500.00',
  fromCurrency: 'USD',
  toCurrency: 'USD',
  toAddress: 'acct:alice',
};
export const SENDER = 'acct:treasury';
export const MINUTE_MS = 60_000;

/** A service, the ledger under it, and what it said. */
export interface World {
  readonly service: SettlementService;
  readonly ledger: ModelLedger;
  readonly chain: ModelNetwork;
  readonly clock: TurnedClock;
  readonly journal: Journal;
  readonly logger: ReturnType<typeof createRecordingLogger>;
  readonly changes: readonly Settlement[];
  readonly alerts: readonly SettlementAlert[];
  /** The same configuration, journal and ledger in another process. */
  another(settings?: WorldSettings): Promise<World>;
  /** Base units of USD that an account holds. */
  held(owner: string): bigint;
  /** Settles, and turns the clock until it is at rest. */
  settle(request?: Partial<SettlementRequest>): Promise<Settlement>;
}

export interface WorldSettings extends Partial<Omit<SettlementSettings, 'network' | 'clock'>> {
  readonly clock?: TurnedClock;
  readonly ledger?: ModelLedger;
  readonly seed?: number;
  readonly model?: Partial<ModelLedgerSettings>;
  readonly chain?: Partial<ModelNetworkSettings>;
}

const open: World[] = [];

/** Starts a service on a model ledger whose clock stands still; it is shut down after the test, and must leave no timer behind. */
export async function world(given: WorldSettings = {}): Promise<World> {
  const { clock = createTurnedClock(), journal = createMemoryJournal(), seed = 1, model, chain, ...rest } = given;
  const { ledger = createFundedLedger(clock, model), ...settings } = rest;
  const network = createModelNetwork({ ledger, ...chain });
  for (const sender of network.network.senders) {
    if (ledger.balance(sender, MODEL_ASSETS.fee.id) === 0n) fund(ledger, sender);
  }
  const logger = createRecordingLogger();
  const service = new SettlementService({
    network: network.factory,
    journal,
    clock,
    random: createSeededRandom(seed),
    logger,
    transport: async () => {
      throw new Error('A model network sends nothing.');
    },
    ...settings,
  });
  const changes: Settlement[] = [];
  const alerts: SettlementAlert[] = [];
  service.on('settlement.changed', ({ settlement }) => void changes.push(settlement));
  service.on('alert', (alert) => void alerts.push(alert));
  await service.initialize();
  const made: World = {
    service,
    ledger,
    chain: network,
    clock,
    journal,
    logger,
    changes,
    alerts,
    another: (more = {}) => world({ ...given, clock, journal, ledger, seed: seed + 1, ...more }),
    held: (owner) => ledger.balance(owner, MODEL_ASSETS.usd.id),
    async settle(request = {}) {
      const { settlementId } = await clock.runUntil(service.settlePayment({ ...REQUEST, ...request }));
      return clock.runUntil(service.waitForSettlement(settlementId));
    },
  };
  open.push(made);
  return made;
}

function createFundedLedger(clock: TurnedClock, model: Partial<ModelLedgerSettings> = {}): ModelLedger {
  return new ModelLedger({ clock, ...model });
}

export function fund(ledger: ModelLedger, sender: string): void {
  ledger.fund(sender, MODEL_ASSETS.fee.id, 10n ** 14n);
  ledger.fund(sender, MODEL_ASSETS.usd.id, 10n ** 15n);
  ledger.fund(sender, MODEL_ASSETS.eur.id, 10n ** 15n);
}

afterEach(async () => {
  const worlds = open.splice(0);
  for (const { service, clock } of worlds) await clock.runUntil(service.shutdown());
  for (const { clock } of worlds) expect(clock.pendingTimers).toBe(0);
});
