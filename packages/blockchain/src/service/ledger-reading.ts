import type { Environment, LedgerSnapshot, SettlementNetwork } from '@canza/core';

import { askNode } from './node.ts';
import type { SettlementPolicy } from './policy.ts';

export interface LedgerReadingSettings {
  readonly network: SettlementNetwork;
  readonly policy: SettlementPolicy;
  readonly environment: Environment;
}

/** What the ledger said of itself a moment ago: an older reading only makes a transaction end earlier. */
export class LedgerReading {
  readonly #settings: LedgerReadingSettings;
  #known: { readonly ledger: LedgerSnapshot; readonly readMs: number } | undefined;

  constructor(settings: LedgerReadingSettings) {
    this.#settings = settings;
  }

  /** @throws PaymentError where no node tells. */
  async current(): Promise<LedgerSnapshot> {
    const { environment, policy, network } = this.#settings;
    const nowMs = environment.clock.monotonicMs();
    const known = this.#known;
    if (known !== undefined && nowMs - known.readMs < policy.snapshotReuseMs) return known.ledger;
    const ledger = await askNode(this.#settings, 'A look at the ledger', (options) => network.ledger(options));
    this.#known = { ledger, readMs: nowMs };
    return ledger;
  }
}
