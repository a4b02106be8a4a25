import { describe, it } from 'vitest';

import { describeSettlementNetwork, type NetworkHarness } from '../contracts/index.ts';
import { createModelNetwork, createTurnedClock, MODEL_ASSETS, ModelLedger } from './index.ts';

const harness = (slots: 'numbers' | 'nonces'): NetworkHarness => ({
  decidedAfterMs: 1000,
  expiredAfterMs: 31_000,
  create: async () => {
    const clock = createTurnedClock();
    const ledger = new ModelLedger({ clock, slots });
    const { network, arm } = createModelNetwork({ ledger });
    await clock.advance(60_000);
    for (const sender of network.senders) {
      ledger.fund(sender, MODEL_ASSETS.fee.id, 10n ** 12n);
      ledger.fund(sender, MODEL_ASSETS.usd.id, 10n ** 18n);
    }
    let recipients = 0;
    return {
      network,
      newRecipient: async (refusing) => {
        const address = `acct:r${++recipients}`;
        if (refusing === true) ledger.freeze(address);
        return address;
      },
      holdings: async (owner) => ledger.balance(owner, MODEL_ASSETS.usd.id),
      hold: (held) => ledger.hold(held),
      pass: (durationMs) => clock.advance(durationMs),
      ...(slots === 'numbers' ? { useElsewhere: async (sender: string) => ledger.useElsewhere(sender) } : {}),
      arm: (stage, fault) => {
        arm(stage, fault);
        return true;
      },
      secrets: [],
      close: async () => undefined,
    };
  },
});

describeSettlementNetwork({ describe, it }, 'the model network, with numbers', harness('numbers'));
describeSettlementNetwork({ describe, it }, 'the model network, with nonces', harness('nonces'));
