import { createSeededRandom, createTurnedClock } from '@canza/core/testing';
import { it } from 'vitest';

import { AptosCaller, accountOf, addressOf, BASE, batchTransfer, transfer } from '../../test/aptos-caller.ts';
import { createAptosEmulator } from './emulator.ts';
import { APTOS_ASSETS } from './settings.ts';
import { readSignedTransaction } from './transaction/signed-transaction.ts';
import { isRightlySigned } from './transaction/verify.ts';

const caller = new AptosCaller();
const sender = accountOf(1);
const owners = Array.from({ length: 100 }, (_, index) => addressOf(accountOf(index + 10)));
const headers = { 'content-type': 'application/x.aptos.signed_transaction+bcs' };
const PLENTY = 10n ** 16n;

/** A chain of its own with a supply of transactions that were signed beforehand, each good for once. */
function prepare(count: number, payload: Parameters<AptosCaller['signed']>[1]) {
  const clock = createTurnedClock(caller.clock.nowMs());
  const emulator = createAptosEmulator({
    clock,
    random: createSeededRandom(1),
    blocks: 'on-demand',
    balances: [APTOS_ASSETS.apt, APTOS_ASSETS.usdc].map((asset) => ({
      owner: addressOf(sender),
      asset,
      amountMinor: PLENTY,
    })),
  });
  const parts = { maxGas: 2_000_000n, lifetimeSeconds: 86_400 };
  const signed = Array.from({ length: count }, (_, number) =>
    caller.signed(sender, payload, { ...parts, sequenceNumber: BigInt(number) }),
  );
  let next = 0;
  return async (): Promise<void> => {
    const bytes = signed[next % signed.length];
    next += 1;
    if (bytes !== undefined) await emulator.handle({ method: 'POST', url: `${BASE}/transactions`, headers, bytes });
    emulator.chain.produceBlock();
  };
}

// oxlint-disable-next-line vitest/expect-expect -- figures to read: how fast it is, the machine decides.
it('what the chain adds to verifying a signature, for one payment and for a hundred at once', async ({ bench }) => {
  const to = addressOf(accountOf(9));
  const bytes = caller.signed(sender, transfer(to, 1n));
  const one = prepare(6_000, transfer(to, 1n));
  const batch = prepare(
    2_000,
    batchTransfer(
      APTOS_ASSETS.usdc,
      owners,
      owners.map(() => 1n),
    ),
  );
  await bench.compare(
    bench('reading and verifying one transaction', () => void isRightlySigned(readSignedTransaction(bytes))),
    bench('sent, run and in a block', one),
    bench('a batch of a hundred, sent, run and in a block', batch),
  );
});
