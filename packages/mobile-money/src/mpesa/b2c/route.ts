import type { Route } from '@canza/core';

import { operatorId } from '../../directory/operators.ts';
import type { MpesaConfig } from '../config.ts';

/**
 * The way out to a customer's M-Pesa wallet.
 * Source: docs/providers/mpesa.md#payout
 */
export const payoutRoute = ({ name, shortcode }: MpesaConfig): Route => ({
  id: `${name}:disbursement:${shortcode}`,
  provider: name,
  operator: operatorId('KE', 'M-Pesa'),
  country: 'KE',
  currency: 'KES',
  type: 'disbursement',
  decimals: 0,
  minMinor: 1000n,
  // By our OriginatorConversationID.
  deduplicates: true,
  timing: {
    // The result comes by itself in seconds to minutes; a question is answered no sooner.
    firstQueryAfterMs: 60_000,
    queryEveryMs: 60_000,
    notFoundIsProofAfterMs: null,
    settlesWithinMs: 300_000,
  },
});
