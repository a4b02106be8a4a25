import { expect, it } from 'vitest';

import { run } from './run.ts';

/** Seeds and knobs that once broke a rule, and what they found. Source: docs/simulation.md#what-it-found */
const REGRESSIONS = [
  { seed: 40, found: 'the answer to another question ended a payment', knobs: {} },
  { seed: 110, found: 'the answer to another question ended a payment', knobs: {} },
  { seed: 176, found: 'the answer to another question ended a payment', knobs: {} },
  { seed: 311_072, found: 'copies of one machine gave two attempts one callback address', knobs: {} },
  { seed: 701_529, found: 'copies of one machine asked about two payments under one id', knobs: {} },
  { seed: 59_709, found: 'the doubt of a failover ended before the proof came', knobs: {} },
  { seed: 87_324, found: 'the doubt of a failover ended before the proof came', knobs: {} },
  { seed: 100_641, found: 'an attempt that was taken back had been sent and lost', knobs: {} },
  ...[7, 8, 11, 22, 115, 141, 299, 390, 592, 2087].map((seed) => ({
    seed,
    found: 'a failover lost what had been sent',
    knobs: { failovers: 2 },
  })),
];

it.each(REGRESSIONS)('seed $seed stays right: $found', { timeout: 60_000 }, async ({ seed, knobs }) => {
  expect((await run(seed, { knobs })).violations).toEqual([]);
});
