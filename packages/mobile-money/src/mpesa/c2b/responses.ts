import type { HttpResponse } from '@canza/core';
import { z } from 'zod';
import { readJson } from '../../shared/reply.ts';
import { readRefusal, refusalError } from '../refusals.ts';
import { CodeSchema } from '../wire.ts';

/** The id is misspelt on the wire, and the code is missing in some replies. */
const RegistrationReplySchema = z.object({
  OriginatorCoversationID: z.string().optional(),
  ResponseCode: CodeSchema.optional(),
  errorCode: z.undefined().optional(),
});

const ACCEPTED_CODES: readonly (string | undefined)[] = ['0', '00000000', undefined];

/**
 * Reads whether addresses are registered now, or were before; in production the second time is refused, which is just as well.
 * @throws RejectedError, AuthenticationError, RateLimitError, UnexpectedResponseError; no money is involved.
 * Source: docs/providers/mpesa.md#c2b
 */
export function parseUrlRegistration(response: HttpResponse, provider: string): 'registered' | 'already-registered' {
  const json = readJson(response);
  if (isAccepted(response, json)) return 'registered';
  const refusal = readRefusal('c2b-register', response, json);
  if (refusal.meaning.kind === 'already-done') return 'already-registered';
  throw refusalError(refusal, response, provider);
}

/** @throws as the registration does. */
export function parseSimulation(response: HttpResponse, provider: string): void {
  const json = readJson(response);
  if (!isAccepted(response, json)) throw refusalError(readRefusal('service', response, json), response, provider);
}

function isAccepted({ status }: HttpResponse, json: unknown): boolean {
  const reply = RegistrationReplySchema.safeParse(json);
  return status >= 200 && status < 300 && reply.success && ACCEPTED_CODES.includes(reply.data.ResponseCode);
}
