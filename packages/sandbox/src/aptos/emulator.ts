import { safeCause } from '@canza/core';

import { createEndpoint, type Endpoint } from '../endpoint.ts';
import { createFaultPlan, type FaultPlan } from '../faults.ts';
import { createSchedule } from '../schedule.ts';
import type { AptosBooks } from './books.ts';
import { Chain } from './chain/chain.ts';
import { type AptosChainControls, createChainControls } from './controls.ts';
import { FAUCET, FAUCET_OPENING_OCTAS, Faucet } from './faucet.ts';
import { allFunctions } from './framework/all-functions.ts';
import { FunctionTable } from './framework/function-table.ts';
import { indexerRoutes } from './indexer/routes.ts';
import { APT, shortAddress } from './move/address.ts';
import { createNodes } from './nodes.ts';
import { faucetRoutes } from './rest/faucet-routes.ts';
import { errorReply, frameworkError, gatewayPages } from './rest/replies.ts';
import { nodeRoutes } from './rest/routes.ts';
import { type AptosEmulatorOptions, type AptosSettings, DEFAULT_APTOS_SETTINGS } from './settings.ts';
import { createStrikes } from './strikes.ts';

/** An Aptos fullnode with faucet and indexer, and the chain behind it, offline. */
export interface AptosEmulator extends Endpoint {
  readonly name: 'aptos';
  /** What really happened to the money. */
  readonly books: AptosBooks;
  /** What goes wrong. */
  readonly faults: FaultPlan;
  /** The chain by hand: blocks, time, mempool, assets, nodes. */
  readonly chain: AptosChainControls;
  readonly settings: AptosSettings;
  /** Cancels what is still to come, breaks open exchanges, and waits for what is under way. */
  readonly close: () => Promise<void>;
}

const NAME = 'aptos';

/** Builds the emulator. Nothing in it reads a clock or a random source but those given. */
export function createAptosEmulator(options: AptosEmulatorOptions): AptosEmulator {
  const { clock, onEvent, faults: plan = createFaultPlan(), random: _random, ...rest } = options;
  const faults: FaultPlan = {
    ...plan,
    takeForChain(operation, request, kinds) {
      const fault = plan.takeForChain(operation, request, kinds);
      if (fault !== undefined) {
        onEvent?.({ atMs: clock.nowMs(), emulator: NAME, what: 'fault', detail: `chain ${fault.kind} (${operation})` });
      }
      return fault;
    },
  };
  const settings = completeSettings(rest);
  const schedule = createSchedule(clock, (error) =>
    onEvent?.({ atMs: clock.nowMs(), emulator: NAME, what: 'defect', detail: safeCause(error).message }),
  );
  const chain = new Chain({
    settings,
    functions: new FunctionTable(allFunctions()),
    clock,
    schedule,
    onCommit: ({ transaction, version, vmStatus }) =>
      onEvent?.({
        atMs: clock.nowMs(),
        emulator: NAME,
        what: 'result',
        detail: `${transaction.hash} of ${shortAddress(transaction.sender)} at ${version}: ${vmStatus}`,
      }),
  });
  const nodes = createNodes(chain, faults, clock, settings.nodes);
  let indexer = { name: 'indexer', lagMs: 0 };
  const setIndexerLag = (lagMs: number): void => {
    indexer = { ...indexer, lagMs };
  };
  const controls = createChainControls({ chain, nodes, setIndexerLag });
  const endpoint = createEndpoint({
    name: NAME,
    routes: [
      ...nodeRoutes(chain, nodes, faults, createStrikes(chain, faults, schedule)),
      ...indexerRoutes(chain, () => nodes.snapshotOf(indexer)),
      ...faucetRoutes(new Faucet(chain), settings.faucetLimitOctas, () => chain.catchUp()),
    ],
    faults,
    clock,
    schedule,
    onEvent,
    replies: {
      unknownPath: () => errorReply(frameworkError('not found', 404)),
      wrongMethod: () => errorReply(frameworkError('request-method not allowed', 405)),
      clientError: () => errorReply(frameworkError('parse request payload error: expected value at line 1 column 1')),
      serverError: () => gatewayPages.unavailable,
      html: () => gatewayPages.badGateway,
      throttled: () => gatewayPages.tooManyRequests,
      tokenExpired: () => gatewayPages.unauthorized,
      tokenRevoked: () => gatewayPages.forbidden,
    },
  });
  return { ...endpoint, name: NAME, books: chain.books, faults, chain: controls, settings, close: schedule.close };
}

function completeSettings(given: Partial<AptosSettings>): AptosSettings {
  const settings = { ...DEFAULT_APTOS_SETTINGS, ...given };
  const forFaucet = { owner: FAUCET, asset: APT, amountMinor: FAUCET_OPENING_OCTAS };
  return { ...settings, balances: [forFaucet, ...settings.balances] };
}
