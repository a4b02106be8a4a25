import { InvalidRequestError } from '@canza/core';
import type { Codec } from './codec.ts';

/** Text without a frame: for values that other programs read and write, and for counters. */
export const plainText: Codec = {
  encode(value) {
    if (typeof value === 'string' || typeof value === 'number') return String(value);
    throw new InvalidRequestError({
      field: 'value',
      expected: 'text or a number: this key space has the format "plain"',
    });
  },
  decode: (bytes) => bytes.toString('utf8'),
};
