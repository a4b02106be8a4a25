import type { Random } from '@canza/core';

import { ALPHANUMERIC, createGivenOnce, DIGITS, drawText, HEX, UPPER_ALPHANUMERIC } from '../draw.ts';
import { compactDate, compactStamp, dayFirstStamp } from './east-africa-time.ts';

const DAYS = '0123456789ABCDEFGHIJKLMNOPQRSTUV';
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const YEAR_OF_A = 2006;

/** The identifiers M-PESA makes up, none of them twice. */
export interface DarajaIdentifiers {
  /** `d5f6-4248-abac-c6b110aa939c34165579`: request ids, merchant request ids and acknowledgements. */
  gatewayId(): string;
  /** `ws_CO_180920261803512708374149`: the moment, and the last nine digits of the MSISDN. */
  checkoutRequestId(atMs: number, msisdn: string): string;
  /** `NLJ7RT61SV`: year, month and day as one character each, then seven. */
  receipt(atMs: number): string;
  /** `AG_20240706_20106e9209f64bebd05b` */
  conversationId(atMs: number): string;
  /** 28 letters and digits. */
  accessToken(): string;
}

export function createDarajaIdentifiers(random: Random): DarajaIdentifiers {
  const fresh = createGivenOnce();
  const hex = (length: number): string => drawText(random, HEX, length);
  return {
    gatewayId: () => fresh(() => `${hex(4)}-${hex(4)}-${hex(4)}-${hex(12)}${drawText(random, DIGITS, 8)}`),
    checkoutRequestId(atMs, msisdn) {
      let moment = atMs;
      return fresh(() => `ws_CO_${dayFirstStamp(moment++)}${msisdn.slice(-9)}`);
    },
    receipt: (atMs) => fresh(() => receiptPrefix(atMs) + drawText(random, UPPER_ALPHANUMERIC, 7)),
    conversationId: (atMs) => fresh(() => `AG_${compactDate(atMs)}_${hex(20)}`),
    accessToken: () => fresh(() => drawText(random, ALPHANUMERIC, 28)),
  };
}

function receiptPrefix(atMs: number): string {
  const stamp = compactStamp(atMs);
  const year = Number(stamp.slice(0, 4)) - YEAR_OF_A;
  return (
    (LETTERS[year % LETTERS.length] ?? '') +
    (LETTERS[Number(stamp.slice(4, 6)) - 1] ?? '') +
    (DAYS[Number(stamp.slice(6, 8))] ?? '')
  );
}
