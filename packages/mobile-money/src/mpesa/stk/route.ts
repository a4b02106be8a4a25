import type { Route } from '@canza/core';

import { operatorId } from '../../directory/operators.ts';
import type { MpesaConfig } from '../config.ts';

/**
 * The way to a customer's M-Pesa wallet: a prompt on the handset, into one pay bill or till.
 * Source: docs/providers/mpesa.md#timing
 */
export const collectionRoute = ({ name, shortcode, till }: MpesaConfig): Route => ({
  id: `${name}:collection:${till ?? shortcode}`,
  provider: name,
  operator: operatorId('KE', 'M-Pesa'),
  country: 'KE',
  currency: 'KES',
  type: 'collection',
  decimals: 0,
  minMinor: 100n,
  deduplicates: false,
  timing: {
    firstQueryAfterMs: 12_000,
    queryEveryMs: 12_000,
    // An id that Daraja does not know may have aged out, and a push whose reply was lost has none: never proof.
    notFoundIsProofAfterMs: null,
    settlesWithinMs: 180_000,
  },
});
