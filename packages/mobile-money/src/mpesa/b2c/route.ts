import type { Route } from '@canza/core';

import type { MpesaConfig } from '../config.ts';
import { RESULT_TIMING } from '../initiator/timing.ts';
import { mpesaRoute } from '../route.ts';

const MINUTE_MS = 60_000;

/**
 * The way out to a customer's wallet.
 * Source: docs/providers/mpesa.md#payout
 */
export const payoutRoute = (config: MpesaConfig): Route =>
  mpesaRoute(config, 'disbursement', {
    // By our OriginatorConversationID.
    deduplicates: true,
    resend: { afterMs: 5 * MINUTE_MS, untilMs: 15 * MINUTE_MS },
    timing: RESULT_TIMING,
  });
