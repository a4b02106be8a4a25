import { expect, it } from 'vitest';
import { asPeriod } from './shared-limits.ts';

it.each([
  [5, { calls: 5, periodSeconds: 1 }],
  [2.9, { calls: 2, periodSeconds: 1 }],
  [0.5, { calls: 1, periodSeconds: 2 }],
  [0.3, { calls: 1, periodSeconds: 4 }],
])('never lets more through than %d a second', (perSecond, period) => {
  expect(asPeriod(perSecond)).toEqual(period);
  expect(period.calls / period.periodSeconds).toBeLessThanOrEqual(perSecond);
});
