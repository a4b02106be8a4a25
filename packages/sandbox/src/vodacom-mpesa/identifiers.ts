import type { Random } from '@canza/core';

import { ALPHANUMERIC, createGivenOnce, DIGITS, drawText, HEX } from '../draw.ts';

/** The identifiers that the platform makes up, none of them twice. */
export interface VodacomIdentifiers {
  /** 12 letters and digits: `hv9ahxcg4ccv`. */
  readonly transaction: () => string;
  /** 32 hex digits: `fd1e9143d22544459f7c66e1860ef276`. */
  readonly conversation: () => string;
  /** 33 letters and digits: `AAA6d1f93910052de0534912jbsj1j2kk`. */
  readonly session: () => string;
}

const LOWER_ALPHANUMERIC = `${DIGITS}abcdefghijklmnopqrstuvwxyz`;

export function createVodacomIdentifiers(random: Random): VodacomIdentifiers {
  const fresh = createGivenOnce();
  return {
    transaction: () => fresh(() => drawText(random, LOWER_ALPHANUMERIC, 12)),
    conversation: () => fresh(() => drawText(random, HEX, 32)),
    session: () => fresh(() => drawText(random, ALPHANUMERIC, 33)),
  };
}
