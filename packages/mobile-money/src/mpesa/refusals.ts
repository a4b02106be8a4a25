import {
  AuthenticationError,
  DuplicateReferenceError,
  type HttpResponse,
  type PaymentError,
  RateLimitError,
  RejectedError,
  redactText,
  UnexpectedResponseError,
} from '@canza/core';

import { readJson } from '../shared/reply.ts';
import { type ErrorMeaning, type ErrorStage, errorOf } from './status.ts';
import { ErrorEnvelopeSchema, GatewayFaultSchema } from './wire.ts';

/** An error reply, read. */
export interface Refusal {
  readonly meaning: ErrorMeaning;
  /** Daraja's code, or `HTTP 503` where the reply has none. */
  readonly code: string;
  /** Daraja's words, redacted; empty where there are none. */
  readonly message: string;
  readonly retryAfterMs?: number;
}

/** One call in twelve seconds is the strictest limit that was seen. Source: docs/providers/mpesa.md#rate-limits */
const USUAL_PAUSE_MS = 12_000;
const ALLOWED_RATE = /messagesPerPeriod=(\d+), periodInMicroseconds=(\d+)/;

/**
 * Reads a reply that is no acknowledgement: the proxy's error envelope, the gateway's fault, or something that is not JSON,
 * such as the firewall's page, which proves nothing.
 * Source: docs/providers/mpesa.md#replies
 */
export function readRefusal(stage: ErrorStage, response: HttpResponse, json: unknown = readJson(response)): Refusal {
  const envelope = ErrorEnvelopeSchema.safeParse(json);
  if (envelope.success) {
    const { errorCode: code, errorMessage } = envelope.data;
    const known = errorOf(stage, code, errorMessage);
    // A 401 comes from the gateway, whatever the code in it.
    const meaning = response.status === 401 ? ({ kind: 'token-refused' } as const) : known;
    return { meaning, code, message: redactText(errorMessage), ...pauseOf(meaning, response, '') };
  }
  const code = `HTTP ${response.status}`;
  if (response.status === 401) return { meaning: { kind: 'token-refused' }, code, message: '' };
  const fault = GatewayFaultSchema.safeParse(json);
  if (fault.success) {
    const { faultstring, detail } = fault.data.fault;
    const isLimit = detail.errorcode.startsWith('policies.ratelimit.');
    const meaning: ErrorMeaning = { kind: isLimit ? 'rate-limited' : 'ambiguous' };
    return {
      meaning,
      code: detail.errorcode,
      message: redactText(faultstring),
      ...pauseOf(meaning, response, faultstring),
    };
  }
  return { meaning: { kind: 'ambiguous' }, code, message: '' };
}

/**
 * The error that an error reply stands for. What is neither a refusal nor a known pause of the gateway is unexpected, and may
 * have been carried out.
 */
export function refusalError(refusal: Refusal, response: HttpResponse, provider: string): PaymentError {
  const { meaning, code, message, retryAfterMs } = refusal;
  const options = { provider, providerCode: code, retryAfterMs };
  const words = message === '' ? code : `${code}, "${message}"`;
  if (meaning.kind === 'token-refused') {
    return new AuthenticationError(
      /apiproduct/i.test(response.body)
        ? 'The Daraja app has no product for this API: enable it in the portal.'
        : `Daraja refused the access token: ${words}.`,
      options,
    );
  }
  if (meaning.kind === 'rate-limited')
    return new RateLimitError(`Daraja takes no more calls for now: ${words}.`, options);
  if (meaning.kind === 'refused') {
    return new RejectedError(`Daraja refused the request: ${words}.${adviceFor(message)}`, meaning.reason, options);
  }
  if (meaning.kind === 'duplicate') {
    return new DuplicateReferenceError(`Daraja has a request with our id already: ${words}.`, options);
  }
  return new UnexpectedResponseError(
    `Daraja's reply proves nothing: HTTP ${response.status}, ${words}.`,
    { status: response.status, body: response.body },
    options,
  );
}

/** What usually is behind a refusal whose words do not say so. Source: docs/providers/mpesa.md#error-codes */
const ADVICE: readonly (readonly [RegExp, string])[] = [
  [/wrong credentials/i, ' Short code, passkey and environment must belong together.'],
  [/merchant does not exist/i, ' The short code is not live for this API.'],
  [
    /invalid (?:callback|result|queuetimeout|confirmation|validation)url/i,
    ' An address must be public, https, and without words such as mpesa, safaricom, exe, cmd, sql or query.',
  ],
];

const adviceFor = (message: string): string => ADVICE.find(([words]) => words.test(message))?.[1] ?? '';

function pauseOf(
  meaning: ErrorMeaning,
  response: HttpResponse,
  faultstring: string,
): { readonly retryAfterMs?: number } {
  if (meaning.kind === 'refused' && meaning.retryAfterMs !== undefined) return { retryAfterMs: meaning.retryAfterMs };
  if (meaning.kind !== 'rate-limited') return {};
  const seconds = response.headers['retry-after'];
  if (seconds !== undefined && /^\d{1,5}$/.test(seconds)) return { retryAfterMs: Number(seconds) * 1000 };
  const [, messages, microseconds] = ALLOWED_RATE.exec(faultstring) ?? [];
  if (messages === undefined || Number(messages) === 0) return { retryAfterMs: USUAL_PAUSE_MS };
  return { retryAfterMs: Math.ceil(Number(microseconds) / 1000 / Number(messages)) };
}
