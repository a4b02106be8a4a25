import { z } from 'zod';

/**
 * What every product of the Open API may answer with, spelled as MTN spells it. Schemas keep only what is read.
 * Source: docs/providers/mtn-momo.md#replies
 */

/** Text that the same field carries now as text and now as a JSON number. */
export const TextSchema = z.union([z.string(), z.number().transform(String)]);

/** One side of a payment. */
export interface Party {
  readonly partyIdType: 'MSISDN' | 'EMAIL' | 'PARTY_CODE' | 'ALIAS';
  readonly partyId: string;
}

export const PartySchema = z.object({ partyIdType: z.string(), partyId: TextSchema });

/** Why something failed: a code alone (production, since 2024) or a code with a message. */
export const ReasonSchema = z
  .union([z.string(), z.object({ code: TextSchema, message: z.string().nullish() })])
  .transform((reason) =>
    typeof reason === 'string' ? { code: reason, message: '' } : { code: reason.code, message: reason.message ?? '' },
  )
  // One list of the operator's prints a code with a full stop.
  .transform(({ code, message }) => ({ code: code.trim().replace(/\.+$/, ''), message }));

/** The wallet system's error. */
export const WalletErrorSchema = z.object({ code: z.string().min(1), message: z.string().nullish() });

/** The gateway's error. */
export const GatewayErrorSchema = z.object({ statusCode: z.number(), message: z.string().default('') });

/** The token call's error. */
export const TokenErrorSchema = z.object({ error: z.string() });

/** Seconds, as a number or as text. */
export const SecondsSchema = z.union([z.number(), z.string().regex(/^\d+$/).transform(Number)]);

export const TokenReplySchema = z.object({
  access_token: z.string().regex(/^\S+$/),
  expires_in: SecondsSchema.optional(),
});

type Told<Fields> = { [Name in keyof Fields]?: Exclude<Fields[Name], null | undefined> };

/** Leaves out what the operator left out or sent as null. */
export const withoutGaps = <Fields extends object>(fields: Fields): Told<Fields> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value != null)) as Told<Fields>;
