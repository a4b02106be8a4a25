import type { HttpResponse } from '@canza/core';

import type { Call, Route } from '../router.ts';
import { type JsonFields, readJsonFields } from '../wire.ts';
import { isMarketName, MARKETS, type MarketName } from './markets.ts';
import { refuse } from './replies.ts';
import type { Sessions } from './sessions.ts';

/** A call that was let in. */
export interface Visit {
  readonly call: Call;
  readonly market: MarketName;
  /** Whether it came to the sandbox, where trigger numbers work. */
  readonly isSandbox: boolean;
  readonly fields: JsonFields;
}

/** Puts market, session and form in front of an operation. */
export type Gate = (
  isSandbox: boolean,
  answer: (visit: Visit) => HttpResponse | Promise<HttpResponse>,
) => Route['handle'];

/** Market, Origin and session, form, country: in this order. Source: docs/sandbox/vodacom-mpesa.md#gateway */
export const createGate =
  (sessions: Sessions): Gate =>
  (isSandbox, answer) =>
  (call) => {
    const market = call.params['market'] ?? '';
    if (!isMarketName(market)) return refuse('INS-998');
    const refused = sessions.check(call.request);
    if (refused !== undefined) return refused;
    const { method, body } = call.request;
    const fields = method === 'GET' ? Object.fromEntries(call.url.searchParams) : readJsonFields(body);
    if (fields === undefined) return refuse('INS-21');
    const country = fields['input_Country'];
    if (country !== undefined && country !== MARKETS[market].country) return refuse('INS-998');
    return answer({ call, market, isSandbox, fields });
  };
