import type { HttpResponse } from '@canza/core';

import { jsonReply, textReply } from '../wire.ts';

/** The products that have a table of codes each; the rest of a code is four digits. */
export type Family = 'collection' | 'disbursement' | 'cash-in';

const PREFIXES: Readonly<Record<Family, string>> = {
  collection: 'DP0080000',
  disbursement: 'DP0090000',
  'cash-in': 'DP0100000',
};

/** `DP00800001007`. */
export const codeOf = (family: Family, digits: string): string => PREFIXES[family] + digits;

/** The second half of every envelope. */
export interface StatusFields {
  readonly code: string | number;
  readonly message: string;
  readonly response_code?: string;
  readonly result_code?: string;
  readonly success: boolean;
}

/** Airtel's envelope. Refusals have no `data`, and come as HTTP 200 as often as not. */
export const envelope = (status: StatusFields, data?: object, httpStatus = 200): HttpResponse =>
  jsonReply(httpStatus, data === undefined ? { status } : { data, status });

export interface RefusalFields {
  readonly message: string;
  readonly resultCode?: string;
  /** Default 200. */
  readonly httpStatus?: number;
  /** Inside the envelope. Default: "400" as text in collections, 400 as a number elsewhere, as recorded. */
  readonly code?: string | number;
}

/** Refuses with a code of a family. */
export function refuse(
  family: Family,
  digits: string,
  { message, resultCode, httpStatus = 200, code = family === 'collection' ? '400' : 400 }: RefusalFields,
): HttpResponse {
  const result = resultCode === undefined ? {} : { result_code: resultCode };
  return envelope(
    { response_code: codeOf(family, digits), code, success: false, ...result, message },
    undefined,
    httpStatus,
  );
}

/** Refuses with a code of the service bus alone, as older services do. */
export const refuseByBus = (resultCode: string, message: string): HttpResponse =>
  envelope({ code: '400', message, result_code: resultCode, success: false });

/** What the gateway in front says; it has a shape of its own. */
export const gatewayReply = (httpStatus: number, code: string, message: string): HttpResponse =>
  jsonReply(httpStatus, { status_message: message, status_code: code });

/** What the token service says. */
export const tokenError = (httpStatus: number, error: string, description: string): HttpResponse =>
  jsonReply(httpStatus, { error_description: description, error });

export const timedOut = (): HttpResponse => gatewayReply(408, 'CONNECTION_TIMEOUT', 'I/O Exception');

export const invalidToken = (httpStatus = 401): HttpResponse =>
  tokenError(httpStatus, 'invalid_token', 'The access token is invalid or has expired');

export const firewallPage = (): HttpResponse => textReply(403, '<html><body>Request unsuccessful</body></html>');

export const noRoute = (): HttpResponse => jsonReply(404, { message: 'no Route matched with those values' });

export const internalError = (): HttpResponse =>
  envelope({ code: '500', message: 'Something went wrong', result_code: 'ESB000001', success: false }, undefined, 500);
