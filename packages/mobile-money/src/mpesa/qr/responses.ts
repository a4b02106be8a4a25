import type { HttpResponse } from '@canza/core';
import { z } from 'zod';
import { readJson } from '../../shared/reply.ts';
import { readRefusal, refusalError } from '../refusals.ts';

/** `ResponseCode` is `00` in some samples and a conversation id in others, so the picture is what counts. */
const QrReplySchema = z.object({ QRCode: z.base64().min(1) });

/**
 * Reads the picture: a PNG.
 * @throws RejectedError, AuthenticationError, RateLimitError, UnexpectedResponseError; no money is involved.
 * Source: docs/providers/mpesa.md#qr
 */
export function parseQr(response: HttpResponse, provider: string): Uint8Array {
  const json = readJson(response);
  const reply = QrReplySchema.safeParse(json);
  if (response.status === 200 && reply.success) return new Uint8Array(Buffer.from(reply.data.QRCode, 'base64'));
  throw refusalError(readRefusal('service', response, json), response, provider);
}
