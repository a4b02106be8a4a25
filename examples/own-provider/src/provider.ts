/**
 * The adapter of an aggregator that does not exist: Duka Pay collects from M-Pesa wallets in Kenya, by JSON over HTTP with an API key.
 *
 *     POST /payments        { id, amount, phone, callbackUrl }   201 { state }; 409 when the id is taken; 422 { code }
 *     GET  /payments/{id}                                        200 { state, receipt? }; 404
 *     callback              { id, state, receipt? }              to callbackUrl, by anybody who knows it
 *
 * `state` is `waiting`, `paid`, `declined` or `no_funds`.
 */
import {
  AuthenticationError,
  DuplicateReferenceError,
  type FailureReason,
  type Finding,
  type HttpRequest,
  type HttpResponse,
  InvalidCallbackError,
  type MobileMoneyProvider,
  type ProviderFactory,
  RateLimitError,
  type Route,
  refuseUnsupported,
  type SubmitFinding,
  toOperatorAmount,
  UnexpectedResponseError,
} from '@canza/core';
import { operatorId } from '@canza/mobile-money/directory';
import { z } from 'zod';

const provider = 'duka-pay';

/** Only what is known to be final ends a payment. Whose fault it was decides whether another route is tried. */
const FAILURES: ReadonlyMap<string, FailureReason> = new Map([
  ['declined', 'cancelled-by-payer'],
  ['no_funds', 'insufficient-funds'],
]);

const StateSchema = z.object({ state: z.string(), receipt: z.string().optional() });

const ROUTE: Route = {
  id: `${provider}:collection:ke`,
  provider,
  operator: operatorId('KE', 'M-Pesa'),
  country: 'KE',
  currency: 'KES',
  type: 'collection',
  decimals: 0,
  // Its document says so: a second POST under an id is refused, and a 404 after a minute means that nothing arrived.
  deduplicates: true,
  timing: { firstQueryAfterMs: 5000, queryEveryMs: 10_000, notFoundIsProofAfterMs: 60_000, settlesWithinMs: 120_000 },
};

export interface DukaPaySettings {
  readonly baseUrl: string;
  readonly apiKey: string;
}

export function dukaPay({ baseUrl, apiKey }: DukaPaySettings): ProviderFactory {
  const request = (method: 'GET' | 'POST', path: string, body?: object): HttpRequest => ({
    method,
    url: `${baseUrl}${path}`,
    headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return ({ transport }): MobileMoneyProvider => {
    const cannot = (operation: Parameters<typeof refuseUnsupported>[1]) =>
      refuseUnsupported(provider, operation, WHY_NOT);
    return {
      name: provider,
      routes: [ROUTE],
      capabilities: {
        collect: 'supported',
        query: 'supported',
        disburse: { unsupported: WHY_NOT },
        remit: { unsupported: WHY_NOT },
        refund: { unsupported: WHY_NOT },
        balance: { unsupported: WHY_NOT },
        lookupAccount: { unsupported: WHY_NOT },
      },
      async collect({ reference, money, msisdn, callbackUrl }, options): Promise<SubmitFinding> {
        const body = { id: reference, amount: toOperatorAmount(money, ROUTE.decimals), phone: msisdn, callbackUrl };
        const response = await transport(request('POST', '/payments', body), options);
        if (response.status === 409) throw new DuplicateReferenceError('The id is taken.', { provider });
        const finding = findingOf(readState(response));
        // Only queries may say that a payment is not there.
        return finding.status === 'not-found' || finding.status === 'unaskable' ? { status: 'unknown' } : finding;
      },
      async query({ reference }, options) {
        const response = await transport(request('GET', `/payments/${reference}`), options);
        return response.status === 404 && isTheirs(response) ? { status: 'not-found' } : findingOf(readState(response));
      },
      disburse: cannot('disburse'),
      remit: cannot('remit'),
      refund: cannot('refund'),
      balance: cannot('balance'),
      lookupAccount: cannot('lookupAccount'),
      readCallback({ body }) {
        const read = StateSchema.safeParse(parseJson(body));
        if (!read.success) throw new InvalidCallbackError('It has no state.', { provider });
        const acknowledgement = { contentType: 'text/plain', body: 'ok' };
        // Nobody signs it, so it is a hint: the bridge asks before it believes.
        return { finding: findingOf(read.data), trust: 'hint', acknowledgement };
      },
    };
  };
}

const WHY_NOT = 'Duka Pay collects, and does nothing else.';

/** @throws What is known of the money, said by the kind of error: turned away at the door, or not readable. */
function readState(response: HttpResponse): z.infer<typeof StateSchema> {
  const { status, body } = response;
  if (status === 401) throw new AuthenticationError('The API key was refused.', { provider });
  if (status === 429) throw new RateLimitError('Too many calls.', { provider, retryAfterMs: 1000 });
  const read = StateSchema.safeParse(parseJson(body));
  if (status >= 300 || !read.success) throw new UnexpectedResponseError(`HTTP ${status}`, response, { provider });
  return read.data;
}

function findingOf({ state, receipt }: z.infer<typeof StateSchema>): Finding {
  if (state === 'paid') return { status: 'succeeded', code: state, ...(receipt === undefined ? {} : { receipt }) };
  if (state === 'waiting') return { status: 'pending', code: state };
  const reason = FAILURES.get(state);
  return reason === undefined ? { status: 'unknown', code: state } : { status: 'failed', reason, code: state };
}

const isTheirs = ({ headers }: HttpResponse): boolean => headers['content-type'] === 'application/json';

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
