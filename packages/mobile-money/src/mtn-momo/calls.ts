import { type CallOptions, type HttpRequest, type HttpResponse, InvalidRequestError } from '@canza/core';

import { type MtnMomoConfig, type Product, UuidSchema } from './config.ts';

/** What a call adds to the headers that all of them carry. */
export interface MomoCall {
  readonly method: HttpRequest['method'];
  /** Behind the product's segment: `/v1_0/requesttopay`. */
  readonly path: string;
  /** `X-Reference-Id`: names what is made, and is the only thing that is deduplicated by. */
  readonly reference?: string;
  readonly callbackUrl?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: object;
}

/** Sends a call to one product with its token on it. */
export type SendCall = (product: Product, request: HttpRequest, options?: CallOptions) => Promise<HttpResponse>;

/**
 * Puts together a call to one product; its token is added when it is sent.
 * Source: docs/providers/mtn-momo.md#headers
 */
export function buildCall(config: MtnMomoConfig, product: Product, call: MomoCall): HttpRequest {
  const callbackUrl = callbackAddress(config, call.callbackUrl);
  return {
    method: call.method,
    url: `${config.baseUrl}/${product}${call.path}`,
    headers: {
      'ocp-apim-subscription-key': config.products[product]?.subscriptionKey ?? '',
      'x-target-environment': config.targetEnvironment,
      accept: 'application/json',
      ...(call.reference === undefined ? {} : { 'x-reference-id': call.reference }),
      ...(callbackUrl === undefined ? {} : { 'x-callback-url': callbackUrl }),
      ...(call.body === undefined ? {} : { 'content-type': 'application/json' }),
      ...call.headers,
    },
    ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
  };
}

/**
 * Checks a reference that a caller chose.
 * @throws InvalidRequestError when it is no UUID of version 4 in lower case: MTN refuses every other form.
 */
export function checkReference(reference: string, field = 'reference'): string {
  if (UuidSchema.safeParse(reference).success && reference[14] === '4') return reference;
  throw new InvalidRequestError({ field, expected: 'a UUID of version 4 in lower case' });
}

/**
 * The address to be called back at; none where the API user's host is not configured, because MTN makes no payment with an
 * address of another host. Source: docs/providers/mtn-momo.md#callback-address
 */
function callbackAddress(config: MtnMomoConfig, url: string | undefined): string | undefined {
  if (config.callbackHost === undefined || url === undefined) return undefined;
  const problem = addressProblem(config, url);
  if (problem !== undefined) throw new InvalidRequestError({ field: 'callbackUrl', expected: problem });
  return url;
}

function addressProblem({ callbackHost, targetEnvironment }: MtnMomoConfig, url: string): string | undefined {
  if (!URL.canParse(url)) return 'an absolute address';
  const { hostname, protocol, port } = new URL(url);
  if (hostname !== callbackHost) return `an address on ${callbackHost}, the host that the API user was made with`;
  const isPublic = protocol === 'https:' && port === '';
  return isPublic || targetEnvironment === 'sandbox' ? undefined : 'an https address on port 443';
}
