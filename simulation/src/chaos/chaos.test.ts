import { describe, expect, it } from 'vitest';

import { lacksRedisServer } from '../../../packages/data/test/servers/redis.ts';
import { runShort } from './short.ts';

const MINUTES_MS = 4 * 60_000;

describe.skipIf(lacksRedisServer).concurrent('workers that are killed, on a real Redis and real sockets', () => {
  it('leave books that agree', { timeout: MINUTES_MS }, async () => {
    const result = await runShort({ seed: 3 });
    expect(result.story).toBe('');
    expect(result.evidence.movements.length).toBeGreaterThan(5);
    expect(result.evidence.payments.length).toBeGreaterThan(20);
    expect(result.troubles.kill).toBeGreaterThan(0);
  });

  it('are found out when each has a journal of its own', { timeout: MINUTES_MS }, async () => {
    // Nobody dies, no fault strikes, and nothing is waited for: two journals are enough.
    const calm = { faultShare: 0, troubleEveryMs: 60_000, roughMs: 2000, people: 20, calmMs: 1000 };
    const { violations } = await runShort({ seed: 4, mistake: 'separate-journals', ...calm });
    const found = violations.map(({ what }) => what);
    expect(found).toContainEqual(expect.stringMatching(/moved without a record/));
    expect(found).toContainEqual(expect.stringMatching(/its wallet was charged or paid 2 times/));
  });
});
