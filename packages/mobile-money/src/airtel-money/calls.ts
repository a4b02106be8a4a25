import type { HttpRequest } from '@canza/core';

import type { AirtelMoneyConfig } from './config.ts';

/** What a call adds to the headers that all of them carry. */
export interface AirtelCall {
  readonly method: 'GET' | 'POST';
  /** With its slash at the end, where Airtel prints one. */
  readonly path: string;
  /** Sent as JSON. */
  readonly body?: object;
}

/**
 * Puts together a call; its token is added when it is sent.
 * Source: docs/providers/airtel-money.md#headers
 */
export const buildCall = (
  { baseUrl, country, currency }: AirtelMoneyConfig,
  { method, path, body }: AirtelCall,
): HttpRequest => ({
  method,
  url: `${baseUrl}${path}`,
  headers: {
    accept: '*/*',
    'x-country': country,
    'x-currency': currency,
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
  },
  ...(body === undefined ? {} : { body: JSON.stringify(body) }),
});
