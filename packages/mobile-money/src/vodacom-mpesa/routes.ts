import type { PaymentType, ProviderCapabilities, ResendWindow, Route, RouteTiming, Support } from '@canza/core';

import { boundsOf } from '../shared/bounds.ts';
import type { OpenApiOperation, VodacomMpesaConfig } from './config.ts';
import { decimalsOf } from './fields.ts';

const SECOND_MS = 1000;

/**
 * When it makes sense to ask. That a transaction is not found is told by one client alone, so it never proves anything.
 * Source: docs/providers/vodacom-mpesa.md#timing
 */
const TIMING: Readonly<Record<OpenApiOperation, RouteTiming>> = {
  collection: {
    firstQueryAfterMs: 15 * SECOND_MS,
    queryEveryMs: 20 * SECOND_MS,
    notFoundIsProofAfterMs: null,
    settlesWithinMs: 180 * SECOND_MS,
  },
  disbursement: {
    firstQueryAfterMs: 5 * SECOND_MS,
    queryEveryMs: 20 * SECOND_MS,
    notFoundIsProofAfterMs: null,
    settlesWithinMs: 60 * SECOND_MS,
  },
  refund: {
    firstQueryAfterMs: 5 * SECOND_MS,
    queryEveryMs: 20 * SECOND_MS,
    notFoundIsProofAfterMs: null,
    settlesWithinMs: 60 * SECOND_MS,
  },
};

/** What nobody has to approve may go out again under the same conversation id: the second one is `INS-10`. Source: docs/providers/vodacom-mpesa.md#timing */
const SENT_AGAIN: ResendWindow = { afterMs: 180 * SECOND_MS, untilMs: 900 * SECOND_MS };

/** The ways to the wallets of one market, one for each operation that the application is allowed. */
export const routesOf = (config: VodacomMpesaConfig): readonly Route[] =>
  [...new Set(config.operations)].map((type) => ({
    id: [config.name, type, config.marketCode.toLowerCase(), config.serviceProviderCode].join(':'),
    provider: config.name,
    operator: config.market.operator,
    country: config.market.country,
    currency: config.currency,
    type: type satisfies PaymentType,
    decimals: decimalsOf(config.currency),
    ...boundsOf(config.market.operator, config.currency, type),
    // By our ThirdPartyConversationID.
    deduplicates: true,
    ...(type === 'collection' ? {} : { resend: SENT_AGAIN }),
    timing: TIMING[type],
  }));

/** What the application can do, as far as it is configured. */
export function capabilitiesOf({ operations }: VodacomMpesaConfig): ProviderCapabilities {
  const supportedIf = (operation: OpenApiOperation): Support =>
    operations.includes(operation)
      ? 'supported'
      : { unsupported: `"${operation}" is not among the operations of this application.` };
  return {
    collect: supportedIf('collection'),
    disburse: supportedIf('disbursement'),
    refund: supportedIf('refund'),
    query: 'supported',
    lookupAccount: 'supported',
    balance: { unsupported: 'the Open API does not tell what our short code holds.' },
    remit: { unsupported: 'the Open API has no remittance.' },
  };
}
