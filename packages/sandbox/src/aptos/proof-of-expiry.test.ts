import { createSeededRandom } from '@canza/core/testing';
import { expect, test } from 'vitest';

import { AptosCaller, accountOf, addressOf, transfer } from '../../test/aptos-caller.ts';
import type { Fault } from '../faults.ts';

/** Everything that could make a transaction seem gone that is not. */
const CANDIDATES: readonly Fault[] = [
  { stage: 'chain', kind: 'lagging-node', delayMs: 4_000 },
  { stage: 'chain', kind: 'lagging-node', delayMs: 40_000 },
  { stage: 'chain', kind: 'dropped' },
  { stage: 'chain', kind: 'held', delayMs: 3_000 },
  { stage: 'chain', kind: 'held', delayMs: 12_000 },
  { stage: 'chain', kind: 'ledger-stopped', delayMs: 8_000 },
  { stage: 'chain', kind: 'gas-spike', delayMs: 6_000 },
];
const USEC_PER_SECOND = 1_000_000;

/** One run: what was proven to be gone, and what has committed in the end. */
async function run(
  seed: number,
): Promise<{ readonly proven: ReadonlySet<string>; readonly committed: ReadonlySet<string> }> {
  const random = createSeededRandom(seed);
  const caller = new AptosCaller({
    nodes: [
      { name: 'near', lagMs: 0 },
      { name: 'far', lagMs: 2_000 },
    ],
  });
  const { faults, chain } = caller.emulator;
  faults.draw({ random, share: 0.25, candidates: CANDIDATES });
  const sent = new Map<string, number>();
  const proven = new Set<string>();
  for (let step = 0; step < 120; step++) {
    if (random.float() < 0.4) {
      const lifetimeSeconds = 2 + Math.floor(random.float() * 12);
      const parts = { nonce: BigInt(step), lifetimeSeconds };
      const { status, body } = await caller.submit(
        caller.signed(caller.alice, transfer(addressOf(accountOf(9)), 1n), parts),
      );
      if (status === 202) sent.set(String(body['hash']), Number(body['expiration_timestamp_secs']));
    }
    if (random.float() < 0.05) chain.setAhead(Math.floor(random.float() * 20_000));
    for (const [hash, expiry] of sent) {
      const { status, headers } = await caller.get(`/transactions/by_hash/${hash}`);
      const ledgerSeconds = Math.floor(Number(headers['x-aptos-ledger-timestampusec']) / USEC_PER_SECOND);
      if (status === 404 && ledgerSeconds >= expiry) proven.add(hash);
    }
    await caller.clock.advance(Math.floor(random.float() * 1_500));
  }
  faults.clear();
  await caller.clock.advance(120_000);
  const committed = new Set([...sent.keys()].filter((hash) => chain.committed(hash as `0x${string}`) !== undefined));
  return { proven, committed };
}

test('proves of nothing that it is gone which commits later, whatever lags, is held, stands still or runs ahead', async () => {
  let provenCount = 0;
  let committedCount = 0;
  for (let seed = 1; seed <= 5; seed++) {
    const { proven, committed } = await run(seed);
    expect([...proven].filter((hash) => committed.has(hash))).toEqual([]);
    provenCount += proven.size;
    committedCount += committed.size;
  }
  // Both happen, so that the run says something.
  expect(provenCount).toBeGreaterThan(10);
  expect(committedCount).toBeGreaterThan(30);
});
