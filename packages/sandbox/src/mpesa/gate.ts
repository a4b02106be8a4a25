import type { HttpResponse } from '@canza/core';

import type { Call, Route } from '../router.ts';
import { headerOf, type JsonFields, readJsonFields } from '../wire.ts';
import type { DarajaErrors, TokenRefusal } from './error-replies.ts';
import type { Read } from './fields.ts';
import type { DarajaTokens } from './tokens.ts';

/** An endpoint behind the gateway. */
interface GuardedRoute<T> extends Omit<Route, 'handle'> {
  /** How this API refuses a token. */
  readonly refusal: TokenRefusal;
  /** The field that is named when the content type is missing. */
  readonly firstField: string;
  /** The body's checks. */
  readonly read: (fields: JsonFields) => Read<T>;
  readonly answer: (value: T, call: Call) => HttpResponse | Promise<HttpResponse>;
}

/** Puts the gateway in front of an endpoint: the bearer, the content type, a JSON object, the fields. */
export type Gate = <T>(route: GuardedRoute<T>) => Route & { readonly firstField: string };

export function createGate(tokens: DarajaTokens, errors: DarajaErrors): Gate {
  return ({ refusal, firstField, read, answer, ...route }) => ({
    ...route,
    firstField,
    handle: async (call) => {
      const refused = tokens.check(call.request, refusal);
      if (refused !== undefined) return refused;
      const { request } = call;
      // The one documented GET with a body carries its fields in the query string as well.
      const isBodiless = request.method === 'GET' && request.body === undefined;
      if (!isBodiless && !/^application\/json\b/i.test(headerOf(request, 'content-type') ?? '')) {
        return errors.invalidField(firstField);
      }
      const fields = isBodiless ? Object.fromEntries(call.url.searchParams) : readJsonFields(request.body);
      if (fields === undefined) return errors.invalidPayload();
      const body = read(fields);
      return body.ok ? answer(body.value, call) : body.refusal;
    },
  });
}
