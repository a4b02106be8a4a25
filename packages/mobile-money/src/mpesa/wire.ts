import { z } from 'zod';

/**
 * What every Daraja API may answer with, spelled as Daraja spells it. Schemas keep only what is read.
 * Source: docs/providers/mpesa.md#replies
 */

/** A code, which the same field carries now as text and now as a JSON number. */
export const CodeSchema = z.union([z.string(), z.number()]).transform((code) => String(code).trim());

/** The error envelope of the API proxy. */
export const ErrorEnvelopeSchema = z.object({ errorCode: CodeSchema, errorMessage: z.string().default('') });

/** The fault of the gateway in front of it. */
export const GatewayFaultSchema = z.object({
  fault: z.object({ faultstring: z.string().default(''), detail: z.object({ errorcode: z.string() }) }),
});

export const TokenReplySchema = z.object({
  access_token: z.string().regex(/^\S+$/),
  /** Seconds, as text or as a number; left out by some. */
  expires_in: z.coerce.number().positive().optional().catch(undefined),
});
