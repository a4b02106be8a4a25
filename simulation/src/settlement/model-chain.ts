import type { Clock } from '@canza/core';
import { createModelNetwork, MODEL_ASSETS, ModelLedger } from '@canza/core/testing';
import type { Chance } from '../chance.ts';
import type { Arrival, ChainListener, PlayedChain } from './chain.ts';
import { roughNetwork } from './rough-network.ts';

const SENDER = 'acct:treasury';

export interface ModelChainOptions extends ChainListener {
  readonly clock: Clock;
  readonly chance: Chance;
}

/** The model ledger of core, in the place of a chain. */
export function playModelChain({ clock, chance, onSubmission }: ModelChainOptions): PlayedChain {
  const slots = chance.pick(['numbers', 'nonces'] as const);
  const ledger = new ModelLedger({ clock, slots, blockMs: 1000, maxPendingPerSender: chance.pick([3, 100]) });
  ledger.fund(SENDER, MODEL_ASSETS.fee.id, 10n ** 14n);
  ledger.fund(SENDER, MODEL_ASSETS.usd.id, 10n ** 15n);
  let taken = 0;
  return {
    name: `model with ${slots}`,
    network: 'model',
    accountOf: (settlementId) => `acct:${settlementId.replaceAll('_', '-')}`,
    connect: (ports) => ({
      network: roughNetwork(createModelNetwork({ ledger, finalAfterMs: 2000 }), ports, onSubmission),
      transport: async () => {
        throw new Error('A model network sends nothing.');
      },
    }),
    takeArrivals() {
      if (taken === ledger.commits.length) return [];
      const fresh = ledger.commits.slice(taken);
      taken = ledger.commits.length;
      return fresh.flatMap(({ hash, proofs }) =>
        proofs.map(
          ({ account, amount, asset }): Arrival => ({
            account,
            amount: BigInt(amount),
            isAsked: asset === MODEL_ASSETS.usd.id,
            hash,
          }),
        ),
      );
    },
    freeze: (account) => ledger.freeze(account),
    troubles: [
      { name: 'blocks are empty', begin: () => ledger.hold(), end: () => ledger.hold(false) },
      { name: 'time stands still', begin: () => ledger.stop(), end: () => ledger.stop(false) },
      { name: 'somebody else uses the account', begin: () => ledger.useElsewhere(SENDER) },
    ],
    calm() {
      ledger.hold(false);
      ledger.stop(false);
    },
    audit: () => [],
    close: async () => undefined,
  };
}
