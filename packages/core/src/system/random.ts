import { randomBytes } from 'node:crypto';

import type { Random } from '../environment.ts';

/** Bytes from the operating system's generator. */
export const systemRandom: Random = {
  bytes: (length) => new Uint8Array(randomBytes(length)),
  float: () => Math.random(),
};
