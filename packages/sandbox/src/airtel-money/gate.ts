import type { HttpResponse } from '@canza/core';
import type { Call, Route } from '../router.ts';
import type { ReadSecret } from '../rsa-padding.ts';
import { headerOf, type JsonFields, readJsonFields } from '../wire.ts';
import { isCountryCode } from './countries.ts';
import { checkSignature } from './crypto/message-signature.ts';
import type { Checked } from './fields.ts';
import type { AirtelIdentifiers } from './identifiers.ts';
import { type Family, gatewayReply, refuse } from './replies.ts';
import type { AirtelApplication } from './settings.ts';
import type { AirtelTokens } from './tokens.ts';

/** What stands in front of an endpoint, beside the token. */
export interface Guards {
  /** Whose codes refuse a bad header; without one the headers of country and currency are not looked at. */
  readonly headers?: Family;
  /** Where messages are signed: the refusal of a signature that does not fit. */
  readonly signed?: () => HttpResponse;
}

/** Puts the gateway in front of an endpoint that takes a JSON object. */
export interface Gate {
  readonly post: <T>(
    guards: Guards,
    read: (fields: JsonFields) => Checked<T>,
    answer: (value: T, call: Call) => HttpResponse | Promise<HttpResponse>,
  ) => Route['handle'];
  readonly get: (guards: Guards, answer: (call: Call) => HttpResponse) => Route['handle'];
}

export interface GateOptions {
  readonly application: AirtelApplication;
  readonly tokens: AirtelTokens;
  readonly identifiers: AirtelIdentifiers;
  readonly readSecret: ReadSecret;
}

/** Token, content type, country and currency, signature, JSON, fields: in this order. Source: docs/sandbox/airtel-money.md#gateway */
export function createGate({ application, tokens, identifiers, readSecret }: GateOptions): Gate {
  const refuseSignature = (call: Call, refusal: () => HttpResponse): HttpResponse | undefined => {
    const signature = checkSignature(call.request, readSecret);
    if (signature === 'right') return undefined;
    return signature === 'absent' && application.signing === 'optional' ? undefined : refusal();
  };
  const enter = ({ request }: Call, { headers }: Guards): HttpResponse | undefined => {
    const refused = tokens.check(request);
    if (refused !== undefined) return refused;
    if (request.method === 'POST' && !/^application\/json\b/i.test(headerOf(request, 'content-type') ?? '')) {
      return gatewayReply(415, 'UNSUPPORTED_MEDIA_TYPE', 'Unsupported Media Type');
    }
    if (headers === undefined) return undefined;
    return refuseHeaders(headers, headerOf(request, 'x-country'), headerOf(request, 'x-currency'));
  };
  const refuseHeaders = (
    family: Family,
    country: string | undefined,
    currency: string | undefined,
  ): HttpResponse | undefined => {
    if (country === undefined) return gatewayReply(400, 'ROUTER110', `Partner ${identifiers.partner()} not found`);
    if (!isCountryCode(country)) {
      return family === 'collection'
        ? gatewayReply(400, 'ROUTER006', 'Invalid country')
        : refuse(family, '1013', { message: 'Invalid Country Code', httpStatus: 400 });
    }
    if (country !== application.country) {
      return gatewayReply(400, 'ROUTER007', 'Partner is not authorised for this country');
    }
    if (currency === undefined) {
      const message = "Missing request header 'x-wallet-id'";
      return refuse(family, '1013', { message, resultCode: 'ESB000008' });
    }
    if (currency === application.currency) return undefined;
    return family === 'collection'
      ? gatewayReply(400, 'ROUTER112', 'Invalid currency')
      : refuse(family, '1013', { message: 'Invalid/Missing Currency' });
  };

  return {
    post: (guards, read, answer) => async (call) => {
      const refused =
        enter(call, guards) ?? (guards.signed === undefined ? undefined : refuseSignature(call, guards.signed));
      if (refused !== undefined) return refused;
      const fields = readJsonFields(call.request.body);
      if (fields === undefined) return gatewayReply(400, 'ROUTER003', 'The body is missing or no JSON object');
      const checked = read(fields);
      return checked.ok ? answer(checked.value, call) : checked.refusal;
    },
    get: (guards, answer) => (call) => enter(call, guards) ?? answer(call),
  };
}
