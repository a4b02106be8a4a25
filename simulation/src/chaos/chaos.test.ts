import { describe, expect, it } from 'vitest';

import { lacksRedisServer } from '../../../packages/data/test/servers/redis.ts';
import { JOURNALS } from './journals.ts';
import { runShort } from './short.ts';

/** What takes some seconds takes minutes on a machine that is busy with ten other things. */
const MINUTES_MS = 9 * 60_000;

describe.skipIf(lacksRedisServer).concurrent('workers and servers that are killed, on real sockets', () => {
  // No test run starts two servers where one will do; CI asks for everything that is real.
  const journals = process.env['CANZA_REQUIRE_REAL'] === '1' ? JOURNALS : (['redis'] as const);

  it.each(journals)('leave books that agree, on %s', { timeout: MINUTES_MS }, async (on) => {
    const { story, evidence, troubles } = await runShort({ seed: 16, on });
    expect(story).toBe('');
    expect(evidence.payments.length).toBeGreaterThan(10);
    expect(troubles.kill).toBeGreaterThan(0);
  });

  it('are found out when each has a journal of its own', { timeout: MINUTES_MS }, async () => {
    // Nobody dies, no fault strikes, and nothing is waited for: two journals are enough.
    const calm = { faultShare: 0, troubleEveryMs: 60_000, roughMs: 1000, calmMs: 1000 };
    const eager = { operators: ['mpesa'], people: 60, perSecond: 30, twiceShare: 1 } as const;
    const { violations } = await runShort({ seed: 4, mistake: 'separate-journals', ...calm, ...eager });
    const found = violations.map(({ what }) => what);
    expect(found).toContainEqual(expect.stringMatching(/moved without a record/));
    expect(found).toContainEqual(expect.stringMatching(/its wallet was charged or paid 2 times/));
  });
});
