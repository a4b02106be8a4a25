import { describe, expect, it } from 'vitest';

import { run } from './run.ts';
import { formatTrace } from './trace.ts';

const SEEDS = 40;

describe('a run from a seed', () => {
  it(`breaks no rule, for ${SEEDS} seeds`, { timeout: 120_000 }, async () => {
    const broken: string[] = [];
    let moved = 0;
    for (let seed = 1; seed <= SEEDS; seed++) {
      const { violations, ends } = await run(seed);
      moved += ends['succeeded'] ?? 0;
      if (violations.length > 0) broken.push(`pnpm simulate --seed ${seed}: ${violations.join('; ')}`);
    }
    expect(broken).toEqual([]);
    expect(moved, 'money did move').toBeGreaterThan(2 * SEEDS);
  });

  it.each([3, 7, 11, 19])(
    'is the same to the letter when it is run again: seed %i',
    { timeout: 60_000 },
    async (seed) => {
      const [first, second] = [await run(seed), await run(seed)];
      expect(first.trace.length).toBeGreaterThan(50);
      expect(formatTrace(second.trace)).toBe(formatTrace(first.trace));
    },
  );

  it.each(['model', 'aptos'] as const)(
    'is the same to the letter with settlements on a chain of its own: %s',
    { timeout: 60_000 },
    async (chain) => {
      const calm = { payments: 0, failovers: 0, settlementFailovers: 0, jumpMs: 0 };
      const knobs = { ...calm, settlements: 8, chain, nodeFault: 0.2, crash: 0.02 };
      const [first, second] = [await run(5, { knobs }), await run(5, { knobs })];
      expect(first.violations).toEqual([]);
      expect(first.trace.filter(({ what }) => what.includes('settled: ')).length).toBeGreaterThan(3);
      expect(formatTrace(second.trace)).toBe(formatTrace(first.trace));
    },
  );

  it('lives for days in one go, callbacks of the day before yesterday included', { timeout: 60_000 }, async () => {
    const { simulatedMs, violations } = await run(1, { knobs: { callbackFault: 0.5 } });
    expect(violations).toEqual([]);
    expect(simulatedMs).toBeGreaterThan(48 * 3_600_000);
  });
});
