import type { Random } from '../environment.ts';

/** Randomness that is the same for the same seed, on every machine (sfc32). Never for secrets. */
export function createSeededRandom(seed: number): Random {
  let a = 0x9e3779b9 ^ seed;
  let b = 0x243f6a88;
  let c = 0xb7e15162;
  let counter = 1;
  const next = (): number => {
    const sum = (a + b + counter) >>> 0;
    counter = (counter + 1) >>> 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) >>> 0;
    c = ((c << 21) | (c >>> 11)) >>> 0;
    c = (c + sum) >>> 0;
    return sum;
  };
  for (let warmUp = 0; warmUp < 12; warmUp++) next();
  return {
    bytes: (length) => Uint8Array.from({ length }, () => next() & 0xff),
    float: () => next() / 0x1_0000_0000,
  };
}
