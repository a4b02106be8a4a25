import { expect, test } from 'vitest';

import { BcsReader } from './reader.ts';
import { BcsWriter } from './writer.ts';

const read = (...bytes: readonly number[]) => new BcsReader(Uint8Array.from(bytes));

test('reads integers of every size, lowest byte first', () => {
  expect(read(0xff).u8()).toBe(255);
  expect(read(0x34, 0x12).u16()).toBe(0x1234);
  expect(read(0x78, 0x56, 0x34, 0x12).u32()).toBe(0x12345678);
  expect(read(1, 0, 0, 0, 0, 0, 0, 0x80).u64()).toBe((1n << 63n) + 1n);
  expect(read(...Array.from({ length: 16 }, () => 0xff)).u128()).toBe((1n << 128n) - 1n);
  expect(read(...Array.from({ length: 31 }, () => 0), 1).u256()).toBe(1n << 248n);
});

test('reads lengths in their shortest form alone, and of 32 bits at most', () => {
  expect(read(0x7f).uleb128()).toBe(127);
  expect(read(0x80, 0x01).uleb128()).toBe(128);
  expect(read(0xff, 0xff, 0xff, 0xff, 0x0f).uleb128()).toBe(0xffff_ffff);
  expect(() => read(0x80, 0x00).uleb128()).toThrow('not minimal');
  expect(() => read(0xff, 0xff, 0xff, 0xff, 0x1f).uleb128()).toThrow('did not fit');
});

test('stops at the end of the input, and before what is no value', () => {
  expect(() => read(1, 2, 3).u32()).toThrow('unexpected end of input');
  expect(() => read(5, 1, 2).bytes()).toThrow('unexpected end of input');
  expect(() => read(2).bool()).toThrow('expected boolean');
  expect(() => read(1, 0xff).string()).toThrow('expected utf8 string');
  expect(() => read(1).end()).toThrow('remaining input');
  // A length of which nobody sent so many costs neither time nor memory.
  expect(() => read(0xff, 0xff, 0xff, 0xff, 0x0f, 1).vector(() => 0)).toThrow('unexpected end of input');
});

test('reads back what it writes', () => {
  const written = new BcsWriter()
    .u8(7)
    .u64(1n << 40n)
    .bool(true)
    .uleb128(300)
    .string('Wanjikũ')
    .vector([], () => undefined)
    .unsigned((1n << 100n) - 3n, 16)
    .finish();
  const reader = new BcsReader(written);
  expect([reader.u8(), reader.u64(), reader.bool(), reader.uleb128(), reader.string(), reader.uleb128()]).toEqual([
    7,
    1n << 40n,
    true,
    300,
    'Wanjikũ',
    0,
  ]);
  expect(reader.u128()).toBe((1n << 100n) - 3n);
  reader.end();
});
