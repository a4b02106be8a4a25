import { type HttpRequest, InvalidRequestError } from '@canza/core';

import type { MpesaConfig } from '../config.ts';
import { toEastAfricaDateTime } from '../east-africa-time.ts';
import { callbackAddress, kenyanMobile, post } from '../fields.ts';

/** Who may pull, and where Daraja calls in case of questions. */
export interface PullRegistration {
  /** A Safaricom number of the organisation. */
  readonly nominatedNumber: string;
  readonly callbackUrl: string;
}

/** Which of the payments of the last 48 hours are wanted. */
export interface PullPeriod {
  /** Milliseconds since 1970; earlier than `untilMs`. */
  readonly fromMs: number;
  readonly untilMs: number;
  /** How many to skip: the number read so far. Default 0. */
  readonly offset?: number;
}

/**
 * Builds the registration of a short code for pulling.
 * @throws InvalidRequestError naming the field.
 * Source: docs/providers/mpesa.md#pull
 */
export const buildPullRegistration = (config: MpesaConfig, registration: PullRegistration): HttpRequest =>
  post(`${config.baseUrl}/pulltransactions/v1/register`, {
    ShortCode: config.shortcode,
    RequestType: 'Pull',
    NominatedNumber: kenyanMobile(registration.nominatedNumber, 'nominatedNumber'),
    CallBackURL: callbackAddress(registration.callbackUrl, config.environment),
  });

/**
 * Builds the request of one page of payments.
 * @throws InvalidRequestError for a period that ends before it begins.
 * Source: docs/providers/mpesa.md#pull
 */
export function buildPull(config: MpesaConfig, { fromMs, untilMs, offset = 0 }: PullPeriod): HttpRequest {
  if (!(fromMs < untilMs)) throw new InvalidRequestError({ field: 'untilMs', expected: 'a moment after fromMs' });
  return post(`${config.baseUrl}/pulltransactions/v1/query`, {
    ShortCode: config.shortcode,
    StartDate: toEastAfricaDateTime(fromMs),
    EndDate: toEastAfricaDateTime(untilMs),
    OffSetValue: String(offset),
  });
}
