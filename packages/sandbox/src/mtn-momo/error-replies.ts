import type { HttpResponse } from '@canza/core';

import { jsonReply, textReply } from '../wire.ts';

/**
 * What MTN answers when it turns a request away: the gateway in one shape, the wallet system behind it in another.
 * Source: docs/providers/mtn-momo.md#errors
 */

/** The wallet system's texts. */
const MESSAGES = {
  RESOURCE_ALREADY_EXIST: 'Duplicated reference id. Creation of resource failed.',
  RESOURCE_NOT_FOUND: 'Requested resource was not found.',
  INVALID_CURRENCY: 'Currency not supported.',
  INVALID_CALLBACK_URL_HOST: 'Callback URL does not match the configured value.',
  NOT_ALLOWED_TARGET_ENVIRONMENT: 'Access to target environment is forbidden.',
  NOT_ALLOWED: 'Authorization failed. Insufficient permissions.',
  INTERNAL_PROCESSING_ERROR: 'An internal error occurred while processing.',
  SERVICE_UNAVAILABLE: 'Service temporarily unavailable, try again later.',
  APPROVAL_REJECTED: 'Approval rejected',
  NOT_ENOUGH_FUNDS: 'The payer does not have enough funds.',
  PAYER_LIMIT_REACHED: "The payer's limit has been breached.",
  PAYEE_NOT_FOUND: 'Payee does not exist',
  PAYER_NOT_FOUND: 'Payer does not exist',
} as const;

const messageOf: ReadonlyMap<string, string> = new Map(Object.entries(MESSAGES));

/** The text beside a code; the code itself where none was seen. */
export const textOfCode = (code: string): string => messageOf.get(code) ?? code;

/** HTTP statuses of codes; 500 for every other one. */
const STATUSES: ReadonlyMap<string, number> = new Map([
  ['RESOURCE_ALREADY_EXIST', 409],
  ['RESOURCE_NOT_FOUND', 404],
  ['SERVICE_UNAVAILABLE', 503],
]);

/** The wallet system's error. */
export const walletError = (code: string): HttpResponse =>
  jsonReply(STATUSES.get(code) ?? 500, { code, message: textOfCode(code) });

/** The gateway's error. */
export const gatewayError = (statusCode: number, message: string): HttpResponse =>
  jsonReply(statusCode, { statusCode, message });

/** A bad request, mostly without a word. */
export const badRequest = (): HttpResponse => textReply(400, '', 'text/plain');

export const wrongSubscriptionKey = (): HttpResponse =>
  gatewayError(
    401,
    'Access denied due to invalid subscription key. Make sure to provide a valid key for an active subscription.',
  );

export const missingSubscriptionKey = (): HttpResponse =>
  gatewayError(
    401,
    'Access denied due to missing subscription key. Make sure to include subscription key when making requests to an API.',
  );

/** What a refused token is answered with was never written down; both of these are made up. */
export const tokenRefused = (): HttpResponse =>
  gatewayError(401, 'Unauthorized. Access token is invalid or has expired.');
export const tokenRefusedBarely = (): HttpResponse => textReply(401, '', 'text/plain');

export const throttled = (): HttpResponse => gatewayError(429, 'Rate limit is exceeded. Try again in 1 seconds.');

export const firewall = (): HttpResponse =>
  textReply(403, '<html><head><title>403 Forbidden</title></head><body><h1>Forbidden</h1></body></html>');
