import type { Random } from '@canza/core';

import { ALPHANUMERIC, createGivenOnce, DIGITS, drawText, HEX } from '../draw.ts';

/** The identifiers that Airtel makes up, none of them twice. */
export interface AirtelIdentifiers {
  /** `MP210603.1234.L06941`: kind, day and minute, and what tells two of one minute apart. */
  readonly moneyId: (kind: 'MP' | 'CI', atMs: number) => string;
  /** 32 letters and digits. */
  readonly accessToken: () => string;
  /** 32 hex digits. */
  readonly partner: () => string;
}

export function createAirtelIdentifiers(random: Random): AirtelIdentifiers {
  const fresh = createGivenOnce();
  const letter = { MP: 'L', CI: 'H' } as const;
  return {
    moneyId: (kind, atMs) => fresh(() => `${kind}${minuteOf(atMs)}.${letter[kind]}${drawText(random, DIGITS, 5)}`),
    accessToken: () => fresh(() => drawText(random, ALPHANUMERIC, 32)),
    partner: () => drawText(random, HEX, 32),
  };
}

/** `210603.1234`. */
function minuteOf(atMs: number): string {
  const [date = '', time = ''] = new Date(atMs).toISOString().split('T');
  return `${date.slice(2).replaceAll('-', '')}.${time.slice(0, 5).replace(':', '')}`;
}
