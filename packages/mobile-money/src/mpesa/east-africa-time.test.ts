import { expect, test } from 'vitest';

import { readEastAfricaTime, toEastAfricaDateTime, toEastAfricaTimestamp } from './east-africa-time.ts';

test.each([
  ['2021-06-28T06:24:08Z', '20210628092408'],
  ['2025-12-31T21:00:00.999Z', '20260101000000'],
  ['2024-02-28T23:59:59Z', '20240229025959'],
])('writes %s as %s, three hours ahead of UTC', (utc, timestamp) => {
  expect(toEastAfricaTimestamp(Date.parse(utc))).toBe(timestamp);
});

test('writes a moment for people, in the same zone', () => {
  expect(toEastAfricaDateTime(Date.parse('2025-12-31T21:00:00Z'))).toBe('2026-01-01 00:00:00');
});

test.each([
  ['20231121121325', '2023-11-21T09:13:25Z'],
  [20_191_219_102_115, '2019-12-19T07:21:15Z'],
  ['06.07.2024 22:48:52', '2024-07-06T19:48:52Z'],
])('reads %j as %s', (written, utc) => {
  expect(readEastAfricaTime(written)).toBe(Date.parse(utc));
});

test.each(['', '20231321121325', '2023-11-21', undefined, null, {}, 99])('reads no moment from %j', (written) => {
  expect(readEastAfricaTime(written)).toBeUndefined();
});
