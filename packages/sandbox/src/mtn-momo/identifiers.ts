import type { Random } from '@canza/core';

import { createGivenOnce, DIGITS, drawText, HEX } from '../draw.ts';

/** The identifiers that MTN makes up, none of them twice. */
export interface MomoIdentifiers {
  /** `1289371623` */
  financialTransactionId(): string;
  /** 32 hex digits. */
  apiKey(): string;
  /** A text in three parts, as the real ones are; it says nothing. */
  accessToken(): string;
  /** `884422` */
  preApprovalId(): string;
}

export function createMomoIdentifiers(random: Random): MomoIdentifiers {
  const fresh = createGivenOnce();
  return {
    financialTransactionId: () => fresh(() => `1${drawText(random, DIGITS, 9)}`),
    apiKey: () => fresh(() => drawText(random, HEX, 32)),
    accessToken: () => fresh(() => `eyJ0eXAiOiJKV1QifQ.${drawText(random, HEX, 32)}.sig`),
    preApprovalId: () => fresh(() => drawText(random, DIGITS, 6)),
  };
}
