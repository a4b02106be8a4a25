import { exponentOf, type PaymentType, type ResendWindow, type Route, type RouteTiming, sha256Hex } from '@canza/core';

import { limitsOf } from '../../directory/limits.ts';
import { boundsOf } from '../../shared/bounds.ts';
import type { AirtelMoneyConfig } from '../config.ts';
import { MARKETS } from '../markets.ts';

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;

/**
 * Airtel asks for three minutes before the first question. The end of the prompt is not published; half an hour is many times what
 * anybody waits for one. Source: docs/providers/airtel-money.md#timing
 */
const ASKS_A_CUSTOMER: RouteTiming = {
  firstQueryAfterMs: 3 * MINUTE_MS,
  queryEveryMs: MINUTE_MS,
  notFoundIsProofAfterMs: 30 * MINUTE_MS,
  settlesWithinMs: 10 * MINUTE_MS,
};

/**
 * Mostly settled in the first answer. Which version and which query string the enquiry of a payout wants differs by country, so that a
 * "not found" may be about the question, and never proves that nobody was paid.
 */
const PAYS_A_CUSTOMER: RouteTiming = {
  firstQueryAfterMs: 15 * SECOND_MS,
  queryEveryMs: 30 * SECOND_MS,
  notFoundIsProofAfterMs: null,
  settlesWithinMs: 5 * MINUTE_MS,
};

/**
 * A payout that Airtel does not know once it would be settled may be made again under the same id. Not a cash-in: that it recognises an id is
 * written nowhere. Source: docs/providers/airtel-money.md#timing
 */
const SENT_AGAIN: ResendWindow = { afterMs: 5 * MINUTE_MS, untilMs: 15 * MINUTE_MS };
const RECOGNISES_A_PAYOUT: ReadonlySet<Api> = new Set(['v1', 'v2', 'v3']);

/** How a way is walked: also the word for it in a route's id. */
export type Api = 'collection' | 'refund' | 'remittance' | 'v1' | 'v2' | 'v3' | 'cash-in-v1' | 'cash-in-v2';

/** A route, and how it is walked at Airtel. */
export interface Way {
  readonly route: Route;
  readonly api: Api;
}

interface Kind {
  readonly type: PaymentType;
  readonly api: Api;
  readonly deduplicates: boolean;
  readonly timing: RouteTiming;
}

function kindsOf({ collection, disbursement, remittance }: AirtelMoneyConfig): readonly Kind[] {
  return [
    ...(collection === undefined
      ? []
      : ([
          { type: 'collection', api: 'collection', deduplicates: true, timing: ASKS_A_CUSTOMER },
          // Named by Airtel's id of the collection alone: nothing tells two requests from one.
          { type: 'refund', api: 'refund', deduplicates: false, timing: PAYS_A_CUSTOMER },
        ] as const)),
    ...(disbursement === undefined
      ? []
      : [{ type: 'disbursement', api: disbursement.api, deduplicates: true, timing: PAYS_A_CUSTOMER } as const]),
    ...(remittance === undefined
      ? []
      : [{ type: 'remittance', api: 'remittance', deduplicates: false, timing: PAYS_A_CUSTOMER } as const]),
  ];
}

/**
 * Every way that the application opens.
 *
 * A route's id names the API and, by a digest, the application. A payment can only be found again under both: after a change of
 * either, Airtel would not know it, and that must never be taken for proof that it was not made.
 */
export function waysOf(config: AirtelMoneyConfig): readonly Way[] {
  const { name, country, currency, clientId } = config;
  const { operator } = MARKETS[country];
  const application = sha256Hex(clientId).slice(0, 8);
  return kindsOf(config).map(({ type, api, deduplicates, timing }) => {
    const limits = type === 'refund' ? undefined : limitsOf(operator, currency, type);
    return {
      api,
      route: {
        id: [name, type, country.toLowerCase(), currency.toLowerCase(), api, application].join(':'),
        provider: name,
        operator,
        country,
        currency,
        type,
        decimals: limits?.decimals ?? usualDecimals(country, currency),
        ...boundsOf(operator, currency, type),
        deduplicates,
        ...(RECOGNISES_A_PAYOUT.has(api) ? { resend: SENT_AGAIN } : {}),
        timing,
      },
    };
  });
}

/** Fifths of an ariary are on paper only. */
const usualDecimals = (country: string, currency: Route['currency']): number =>
  country === 'MG' ? 0 : exponentOf(currency);
