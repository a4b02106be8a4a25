import { describeSettlementNetwork } from '@canza/core/contracts';
import { describe, it } from 'vitest';

import { createAptosWorld, PAYER_KEY, SENDER_KEY } from './support/aptos-world.ts';

const HARNESS = { decidedAfterMs: 1000, expiredAfterMs: 61_000 };

describeSettlementNetwork({ describe, it }, 'Aptos over sockets', { ...HARNESS, create: () => createAptosWorld() });

describeSettlementNetwork({ describe, it }, 'Aptos, orderless', {
  ...HARNESS,
  create: () => createAptosWorld({ replayProtection: 'orderless' }),
});

describeSettlementNetwork({ describe, it }, 'Aptos, secp256k1, with a fee payer', {
  ...HARNESS,
  create: () => createAptosWorld({ privateKey: `secp256k1-priv-0x${SENDER_KEY}`, feePayer: { privateKey: PAYER_KEY } }),
});
