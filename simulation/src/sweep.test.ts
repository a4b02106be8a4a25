import { describe, expect, it } from 'vitest';

import { SCENARIOS, sweep } from './sweep.ts';

const PAID = new Set(['succeeded, moved 1', 'settled, moved 1']);

/** What may be written of a payment whose process died: what happened, or that nobody can tell. */
const RIGHT = new Set([
  'succeeded, moved 1',
  'settled, moved 1',
  'failed, moved 0',
  'review, moved 0',
  'review, moved 1',
]);

describe('a process that dies at its k-th step, for every k', () => {
  it.each(Object.entries(SCENARIOS))(
    'leaves one movement and the right record: %s',
    { timeout: 120_000 },
    async (_name, scenario) => {
      const wrong: string[] = [];
      let deaths = 0;
      let paid = 0;
      for await (const { diedAt, violations, ends } of sweep(scenario)) {
        deaths += 1;
        if (violations.length > 0) wrong.push(`${diedAt}: ${violations.join('; ')}`);
        if (Object.keys(ends).length === 0) wrong.push(`${diedAt}: nothing is written`);
        for (const [id, end] of Object.entries(ends)) if (!RIGHT.has(end)) wrong.push(`${diedAt}: ${id} ${end}`);
        if (Object.values(ends).some((end) => PAID.has(end))) paid += 1;
      }
      expect(wrong).toEqual([]);
      expect(deaths).toBeGreaterThan(20);
      expect(paid, 'most deaths change nothing').toBeGreaterThan(deaths / 2);
    },
  );
});
