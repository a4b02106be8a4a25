import { describe, expect, it } from 'vitest';

import { formatTrace, run } from './run.ts';

const SEEDS = 40;

/** Seeds that once broke a rule, and what they found. Source: docs/simulation.md */
const REGRESSIONS = {
  11: 'a callback in which the operator contradicts itself ended a payout as failed that was paid',
  343: 'a callback that came after the notice of expiry ended a payout as paid that was not',
  435: 'a contradicting callback stood although another one had said otherwise before the reply',
};

describe('a run from a seed', () => {
  it.each(Object.entries(REGRESSIONS))('%s stays right: %s', { timeout: 60_000 }, async (seed) => {
    expect((await run(Number(seed))).violations).toEqual([]);
  });

  it(`breaks no rule, for ${SEEDS} seeds`, { timeout: 120_000 }, async () => {
    const broken: string[] = [];
    let moved = 0;
    for (let seed = 1; seed <= SEEDS; seed++) {
      const { violations, ends } = await run(seed);
      moved += ends['succeeded'] ?? 0;
      if (violations.length > 0) broken.push(`pnpm simulate --seed ${seed}: ${violations.join('; ')}`);
    }
    expect(broken).toEqual([]);
    expect(moved, 'money did move').toBeGreaterThan(SEEDS);
  });

  it('is the same to the letter when it is run again', { timeout: 60_000 }, async () => {
    const whole = { violations: Array.from({ length: 20 }, (_, index) => `order_${index} `) };
    const [first, second] = [await run(3), await run(3)];
    expect(formatTrace({ ...second, ...whole })).toBe(formatTrace({ ...first, ...whole }));
  });
});
