import { expect, test } from 'vitest';

import { toEastAfricaTimestamp } from './east-africa-time.ts';

test.each([
  ['2021-06-28T06:24:08Z', '20210628092408'],
  ['2025-12-31T21:00:00.999Z', '20260101000000'],
  ['2024-02-28T23:59:59Z', '20240229025959'],
])('writes %s as %s, three hours ahead of UTC', (utc, timestamp) => {
  expect(toEastAfricaTimestamp(Date.parse(utc))).toBe(timestamp);
});
