import type { Route } from '@canza/core';

import type { MpesaConfig } from '../config.ts';
import { RESULT_TIMING } from '../initiator/timing.ts';
import { mpesaRoute } from '../route.ts';

/**
 * The way back of a collection, by its receipt.
 * Source: docs/providers/mpesa.md#reversal
 */
export const refundRoute = (config: MpesaConfig): Route =>
  mpesaRoute(config, 'refund', {
    // A receipt is reversed once, but nothing in a request tells two requests for it apart.
    deduplicates: false,
    timing: RESULT_TIMING,
  });
