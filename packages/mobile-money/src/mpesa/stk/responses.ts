import { type Finding, type HttpResponse, type ProviderReferences, redactText, type SubmitFinding } from '@canza/core';
import { readJson } from '../../shared/reply.ts';
import { readRefusal, refusalError } from '../refusals.ts';
import { resultOf } from '../status.ts';
import { StkPushReplySchema, StkQueryReplySchema } from './wire.ts';

/** How long Daraja may still call an id invalid that it has just given out. Source: docs/providers/mpesa.md#stk-query */
const STILL_EARLY_MS = 60_000;

/**
 * Reads the reply to an STK push: `pending` once the prompt is queued, which is all that it ever says.
 * Whatever names a CheckoutRequestID keeps it, so that the payment can be asked about, and is `unknown` where the rest does not
 * fit.
 * @throws RejectedError, AuthenticationError, RateLimitError where nothing can have moved; UnexpectedResponseError, with
 * `moneyMoved: 'maybe'`, for everything that is not listed: HTML, nothing, cut JSON, 5xx.
 * Source: docs/providers/mpesa.md#stk-push
 */
export function parseStkPush(response: HttpResponse, provider: string): SubmitFinding {
  const json = readJson(response);
  const reply = StkPushReplySchema.safeParse(json);
  if (reply.success) {
    const { ResponseCode, ResponseDescription = '', errorCode } = reply.data;
    const known = { references: referencesOf(reply.data), detail: redactText(ResponseDescription) };
    if (response.status === 200 && ResponseCode === '0' && errorCode === undefined) {
      return { status: 'pending', code: '0', ...known };
    }
    return { status: 'unknown', code: ResponseCode ?? `HTTP ${response.status}`, ...known };
  }
  throw refusalError(readRefusal('stk-push', response, json), response, provider);
}

/**
 * Reads the answer to a query. It tells *that* it was paid, never the receipt or the amount.
 * @throws AuthenticationError, RateLimitError, UnexpectedResponseError when the question was not answered; none of them says
 * anything about the payment.
 * Source: docs/providers/mpesa.md#stk-query
 */
export function parseStkQuery(
  response: HttpResponse,
  asked: { readonly checkoutRequestId: string; readonly ageMs: number },
  provider: string,
): Finding {
  const json = readJson(response);
  const reply = StkQueryReplySchema.safeParse(json);
  if (reply.success && response.status === 200) {
    const { ResponseCode, CheckoutRequestID = asked.checkoutRequestId, ResultCode, ResultDesc } = reply.data;
    if (CheckoutRequestID !== asked.checkoutRequestId) {
      return { status: 'unknown', code: ResultCode, detail: 'The answer is about another CheckoutRequestID.' };
    }
    if (ResponseCode !== '0') return { status: 'unknown', code: ResponseCode, detail: redactText(ResultDesc) };
    return { ...resultOf('stk', ResultCode), code: ResultCode, detail: redactText(ResultDesc) };
  }
  const refusal = readRefusal('stk-query', response, json);
  const told = { code: refusal.code, detail: refusal.message };
  const { kind } = refusal.meaning;
  if (kind === 'pending' || kind === 'not-found') return { status: kind, ...told };
  if (kind === 'asked-too-early') return { status: asked.ageMs < STILL_EARLY_MS ? 'pending' : 'unknown', ...told };
  throw refusalError(refusal, response, provider);
}

/** The ids of a push, by Daraja's names. The CheckoutRequestID contains the payer's number: personal data. */
export function referencesOf(ids: {
  readonly CheckoutRequestID: string;
  readonly MerchantRequestID?: string | undefined;
}): ProviderReferences {
  const { CheckoutRequestID, MerchantRequestID } = ids;
  return MerchantRequestID === undefined ? { CheckoutRequestID } : { CheckoutRequestID, MerchantRequestID };
}
