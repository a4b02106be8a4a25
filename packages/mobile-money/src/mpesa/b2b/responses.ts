import type { HttpResponse, SubmitFinding } from '@canza/core';
import { z } from 'zod';
import { readJson } from '../../shared/reply.ts';
import { readRefusal, refusalError } from '../refusals.ts';
import { CodeSchema } from '../wire.ts';

const TillPromptReplySchema = z.object({ code: CodeSchema, status: z.string().default('') });

/**
 * Reads the acknowledgement of a prompt to a till: `pending` once it is on its way.
 * @throws as the other acknowledgements do.
 * Source: docs/providers/mpesa.md#till-prompt
 */
export function parseTillPrompt(response: HttpResponse, provider: string): SubmitFinding {
  const json = readJson(response);
  const reply = TillPromptReplySchema.safeParse(json);
  if (!reply.success || response.status !== 200) {
    throw refusalError(readRefusal('business-payment', response, json), response, provider);
  }
  const { code, status } = reply.data;
  return { status: code === '0' ? 'pending' : 'unknown', code, detail: status };
}
