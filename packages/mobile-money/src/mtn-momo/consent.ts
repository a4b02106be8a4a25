import type { HttpRequest, HttpResponse } from '@canza/core';
import { z } from 'zod';

import { basicAuthorization } from './auth.ts';
import { buildCall } from './calls.ts';
import type { MtnMomoConfig, Product, ProductCredentials } from './config.ts';
import { checkMsisdn } from './input.ts';
import { parseKnownResource } from './resource.ts';
import { SecondsSchema, withoutGaps } from './wire.ts';

/** A customer's consent to be told about. Source: docs/providers/mtn-momo.md#consent */
export interface ConsentRequest {
  /** E.164 digits without a plus. */
  readonly msisdn: string;
  /** `profile`; the sandbox also takes `all_info`. */
  readonly scope: string;
  readonly accessType: 'online' | 'offline';
  /** For offline access alone. */
  readonly validForSeconds?: number;
  readonly callbackUrl?: string;
}

/** A question that the customer has on the handset. */
export interface ConsentAsked {
  readonly authReqId: string;
  /** Seconds between two attempts to fetch the token. */
  readonly intervalSeconds?: number;
  readonly expiresInSeconds: number;
}

/** Opens what the customer agreed to. Both tokens are secrets. */
export interface ConsentToken {
  readonly accessToken: string;
  readonly expiresInSeconds: number;
  readonly scope?: string;
  readonly refreshToken?: string;
  readonly refreshTokenExpiresInSeconds?: number;
}

/** What the customer agreed to show, by MTN's own claim names. Personal data. */
export type ConsentedClaims = Readonly<Record<string, unknown>>;

const FORM = { 'content-type': 'application/x-www-form-urlencoded' } as const;

/** @throws InvalidRequestError for what is no number. */
export function buildConsentRequest(config: MtnMomoConfig, product: Product, request: ConsentRequest): HttpRequest {
  const form = new URLSearchParams({
    login_hint: `ID:${checkMsisdn(request.msisdn)}/MSISDN`,
    scope: request.scope,
    access_type: request.accessType,
    ...(request.validForSeconds === undefined ? {} : { consent_valid_in: String(request.validForSeconds) }),
  });
  const call = buildCall(config, product, {
    method: 'POST',
    path: '/v1_0/bc-authorize',
    callbackUrl: request.callbackUrl,
    headers: FORM,
  });
  return { ...call, body: form.toString() };
}

/** What a token is asked for with. */
export type ConsentGrant = { readonly authReqId: string } | { readonly refreshToken: string };

export function buildConsentToken(
  config: MtnMomoConfig,
  product: Product,
  credentials: ProductCredentials,
  grant: ConsentGrant,
): HttpRequest {
  const form =
    'authReqId' in grant
      ? { grant_type: 'urn:openid:params:grant-type:ciba', auth_req_id: grant.authReqId }
      : { grant_type: 'refresh_token', refresh_token: grant.refreshToken };
  const authorization = basicAuthorization(credentials);
  const call = buildCall(config, product, {
    method: 'POST',
    path: '/oauth2/token/',
    headers: { ...FORM, authorization },
  });
  return { ...call, body: new URLSearchParams(form).toString() };
}

/** @param accessToken The one that the consent gave, not the API user's. */
export const buildUserInfo = (config: MtnMomoConfig, product: Product, accessToken: string): HttpRequest =>
  buildCall(config, product, {
    method: 'GET',
    path: '/oauth2/v1_0/userinfo',
    headers: { authorization: `Bearer ${accessToken}` },
  });

const ConsentAskedSchema = z
  .object({ auth_req_id: z.string().min(1), interval: SecondsSchema.nullish(), expires_in: SecondsSchema })
  .transform(
    ({ auth_req_id, interval, expires_in }): ConsentAsked => ({
      authReqId: auth_req_id,
      expiresInSeconds: expires_in,
      ...withoutGaps({ intervalSeconds: interval }),
    }),
  );

const ConsentTokenSchema = z
  .object({
    access_token: z.string().regex(/^\S+$/),
    expires_in: SecondsSchema,
    scope: z.string().nullish(),
    refresh_token: z.string().nullish(),
    refresh_token_expired_in: SecondsSchema.nullish(),
  })
  .transform(
    (token): ConsentToken => ({
      accessToken: token.access_token,
      expiresInSeconds: token.expires_in,
      ...withoutGaps({
        scope: token.scope,
        refreshToken: token.refresh_token,
        refreshTokenExpiresInSeconds: token.refresh_token_expired_in,
      }),
    }),
  );

const ClaimsSchema = z.record(z.string(), z.unknown());

export const parseConsentAsked = (response: HttpResponse, provider: string): ConsentAsked =>
  parseKnownResource(response, ConsentAskedSchema, provider);

export const parseConsentToken = (response: HttpResponse, provider: string): ConsentToken =>
  parseKnownResource(response, ConsentTokenSchema, provider);

export const parseUserInfo = (response: HttpResponse, provider: string): ConsentedClaims =>
  parseKnownResource(response, ClaimsSchema, provider);
