import { exponentOf, type PaymentType, type ResendWindow, type Route, type RouteTiming, sha256Hex } from '@canza/core';

import { boundsOf } from '../../shared/bounds.ts';
import type { MtnMomoConfig, Product } from '../config.ts';
import { MARKETS, type Market, SANDBOX_CURRENCY, SANDBOX_HOME } from '../markets.ts';
import type { Side } from '../status.ts';

/** What MTN calls a payment of one kind; also the last segment of its address. */
export type Resource = 'requesttopay' | 'requesttowithdraw' | 'transfer' | 'deposit' | 'refund';

/** A route, and how it is walked at MTN. */
export interface Way {
  readonly route: Route;
  readonly product: Product;
  readonly resource: Resource;
  readonly side: Side;
  /** Digits with which the other party's number begins; `undefined` where every number is taken. */
  readonly callingCode: string | undefined;
}

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;

/** A customer has five minutes to approve. Source: docs/providers/mtn-momo.md#timing */
const ASKS_A_CUSTOMER: RouteTiming = {
  firstQueryAfterMs: 15 * SECOND_MS,
  queryEveryMs: 30 * SECOND_MS,
  notFoundIsProofAfterMs: 15 * MINUTE_MS,
  settlesWithinMs: 6 * MINUTE_MS,
};

const PAYS_A_CUSTOMER: RouteTiming = {
  ...ASKS_A_CUSTOMER,
  firstQueryAfterMs: 5 * SECOND_MS,
  queryEveryMs: 15 * SECOND_MS,
};

/**
 * MTN's own way out of an unknown outcome, once the time for an approval is over: the same request under the same reference, which is then
 * accepted or a duplicate. Not for a customer's approval, which nobody waits for by then. Source: docs/providers/mtn-momo.md#timing
 */
const SENT_AGAIN: ResendWindow = { afterMs: 6 * MINUTE_MS, untilMs: 14 * MINUTE_MS };

interface Kind {
  readonly type: PaymentType;
  readonly product: Product;
  readonly resource: Resource;
  readonly side: Side;
  readonly timing: RouteTiming;
}

function kindsOf({ products, collectBy, payOutBy }: MtnMomoConfig): readonly Kind[] {
  const payout = { side: 'we-pay', timing: PAYS_A_CUSTOMER } as const;
  const kinds: readonly Kind[] = [
    { type: 'collection', product: 'collection', resource: collectBy, side: 'they-pay', timing: ASKS_A_CUSTOMER },
    { type: 'disbursement', product: 'disbursement', resource: payOutBy, ...payout },
    { type: 'refund', product: 'disbursement', resource: 'refund', ...payout },
    { type: 'remittance', product: 'remittance', resource: 'transfer', ...payout },
  ];
  return kinds.filter(({ product }) => products[product] !== undefined);
}

type Place = Omit<Market, 'operator' | 'callingCode'> & {
  readonly operator: string;
  readonly callingCode: string | undefined;
};

/** One country when live. The sandbox pretends to be all of them, in its own currency, and is at home in none. */
function placesOf({ targetEnvironment }: MtnMomoConfig): readonly Place[] {
  if (targetEnvironment !== 'sandbox') return [MARKETS[targetEnvironment]];
  return [SANDBOX_HOME, ...Object.values(MARKETS)].map(({ country, operator }) => ({
    country,
    operator,
    currency: SANDBOX_CURRENCY,
    callingCode: undefined,
  }));
}

/**
 * Every way that the configured products open.
 *
 * A route's id names the resource and, by a digest, the API user. A payment can only be found again under both: after a change
 * of either, MTN would not know it, and that must never be taken for proof that it was not made.
 */
export function waysOf(config: MtnMomoConfig): readonly Way[] {
  return kindsOf(config).flatMap(({ type, product, resource, side, timing }) => {
    const user = sha256Hex(config.products[product]?.apiUser ?? '').slice(0, 8);
    return placesOf(config).map(({ country, currency, operator, callingCode }) => ({
      product,
      resource,
      side,
      callingCode,
      route: {
        id: [config.name, type, country.toLowerCase(), resource, user].join(':'),
        provider: config.name,
        operator,
        country,
        currency,
        type,
        decimals: exponentOf(currency),
        ...boundsOf(operator, currency, type),
        deduplicates: true,
        ...(side === 'we-pay' ? { resend: SENT_AGAIN } : {}),
        timing,
      },
    }));
  });
}
