import type { HttpResponse } from '@canza/core';
import type { z } from 'zod';

import { readJson } from '../shared/reply.ts';
import { type Purpose, readRefusal, refusalError } from './refusals.ts';

interface Expectation {
  /** What the call was for, which decides what its refusal means. Default `other`. */
  readonly purpose?: Purpose;
  /** The status of the answer. Default 200. */
  readonly status?: number;
}

/**
 * Reads a reply that shows something MTN keeps; `undefined` where it does not know it.
 * @throws AuthenticationError, RateLimitError, RejectedError, UnexpectedResponseError when it was not shown.
 */
export function parseResource<Schema extends z.ZodType>(
  response: HttpResponse,
  schema: Schema,
  provider: string,
  { purpose = 'other', status = 200 }: Expectation = {},
): z.output<Schema> | undefined {
  const json = readJson(response);
  if (response.status === status) {
    const reply = schema.safeParse(json);
    if (reply.success) return reply.data;
  }
  const refusal = readRefusal(response, json);
  if (response.status === 404 && refusal.meaning.kind === 'not-found') return undefined;
  throw refusalError(purpose, refusal, response, provider);
}

/** The same where an answer without it would be none. @throws also where MTN does not know it. */
export function parseKnownResource<Schema extends z.ZodType>(
  response: HttpResponse,
  schema: Schema,
  provider: string,
  expectation: Expectation = {},
): z.output<Schema> {
  const known = parseResource(response, schema, provider, expectation);
  if (known === undefined) throw refusalError('other', readRefusal(response), response, provider);
  return known;
}

/** Checks that something was taken in or carried out, by the status alone. @throws as above. */
export function assertDone(
  response: HttpResponse,
  done: readonly number[],
  provider: string,
  purpose: Purpose = 'other',
): void {
  if (!done.includes(response.status)) throw refusalError(purpose, readRefusal(response), response, provider);
}
