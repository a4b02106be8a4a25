import type { Route } from '@canza/core';

import { operatorId } from '../../directory/operators.ts';
import type { MpesaConfig } from '../config.ts';

/**
 * The way back of a collection, by its receipt.
 * Source: docs/providers/mpesa.md#reversal
 */
export const refundRoute = ({ name, shortcode, till }: MpesaConfig): Route => ({
  id: `${name}:refund:${till ?? shortcode}`,
  provider: name,
  operator: operatorId('KE', 'M-Pesa'),
  country: 'KE',
  currency: 'KES',
  type: 'refund',
  decimals: 0,
  minMinor: 100n,
  // A receipt is reversed once, but nothing in a request tells two requests for it apart.
  deduplicates: false,
  timing: { firstQueryAfterMs: 60_000, queryEveryMs: 60_000, notFoundIsProofAfterMs: null, settlesWithinMs: 300_000 },
});
