import type { Route } from '@canza/core';

import type { MpesaConfig } from '../config.ts';
import { mpesaRoute } from '../route.ts';

/**
 * The way to a customer's wallet: a prompt on the handset, into one pay bill or till.
 * Source: docs/providers/mpesa.md#timing
 */
export const collectionRoute = (config: MpesaConfig): Route =>
  mpesaRoute(config, 'collection', {
    deduplicates: false,
    timing: {
      firstQueryAfterMs: 12_000,
      queryEveryMs: 12_000,
      // An id that Daraja does not know may have aged out, and a push whose reply was lost has none: never proof.
      notFoundIsProofAfterMs: null,
      settlesWithinMs: 180_000,
    },
  });
