import type { ProviderCapabilities, Route, Support } from '@canza/core';

import { payoutRoute } from './b2c/route.ts';
import type { MpesaConfig } from './config.ts';
import { refundRoute } from './reversal/route.ts';
import { collectionRoute } from './stk/route.ts';

/** What one short code can do, as far as it is configured, and over which routes. */
export interface MpesaReach {
  readonly capabilities: ProviderCapabilities;
  readonly routes: readonly Route[];
}

/** Derives from the configuration what the short code can do. */
export function reachOf(config: MpesaConfig): MpesaReach {
  const collects = config.passkey !== undefined;
  const paysOut = config.initiator !== undefined && config.payouts !== undefined;
  const givesBack = collects && config.initiator !== undefined;
  return {
    capabilities: {
      collect: supportedIf(collects, 'no passkey is configured for this short code.'),
      disburse: supportedIf(paysOut, 'no initiator and kind of payout are configured for this short code.'),
      refund: supportedIf(givesBack, 'no passkey and initiator are configured for this short code.'),
      query: 'supported',
      balance: { unsupported: 'Daraja answers at an address: call askBalance, and readBalance with what arrives.' },
      remit: { unsupported: 'M-Pesa in Kenya offers no remittance to businesses.' },
      lookupAccount: { unsupported: 'M-Pesa in Kenya tells nobody who holds a wallet.' },
    },
    routes: [
      ...(collects ? [collectionRoute(config)] : []),
      ...(paysOut ? [payoutRoute(config)] : []),
      ...(givesBack ? [refundRoute(config)] : []),
    ],
  };
}

const supportedIf = (can: boolean, why: string): Support => (can ? 'supported' : { unsupported: why });
