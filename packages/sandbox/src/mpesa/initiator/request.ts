import type { JsonFields } from '../../wire.ts';
import { isCallbackUrl, isFilled, isShortcode, isTextOf, isTextUpTo, textOf } from '../fields.ts';
import type { Organisation } from '../organisations.ts';
import { looksLikeCredential } from './security-credential.ts';

/** What every request of an API user says. Source: docs/providers/mpesa.md#security-credential */
export interface InitiatorRequest {
  readonly initiator: string;
  readonly credential: string;
  /** The organisation in whose name the request is made. */
  readonly shortcode: string;
  readonly resultUrl: string;
  readonly timeoutUrl: string;
}

/** Reads the fields that every request has; they have been checked. */
export const readInitiatorRequest = (
  fields: JsonFields,
  names: { readonly initiator: string; readonly shortcode: string },
): InitiatorRequest => ({
  initiator: textOf(fields[names.initiator]),
  credential: textOf(fields['SecurityCredential']),
  shortcode: textOf(fields[names.shortcode]),
  resultUrl: textOf(fields['ResultURL']),
  timeoutUrl: textOf(fields['QueueTimeOutURL']),
});

export const isWrongCredential = (fields: JsonFields): boolean => !looksLikeCredential(fields['SecurityCredential']);

export const isWrongInitiator = (value: unknown): boolean => !isFilled(value);

export const isWrongOwnShortcode = (value: unknown, organisations: ReadonlyMap<string, Organisation>): boolean =>
  !isShortcode(value) || !organisations.has(textOf(value));

/** The checks that end every request, in the order of the documents. */
export const wrongTail = (
  fields: JsonFields,
  { occasion, remarksAtLeast = 2 }: { readonly occasion: string; readonly remarksAtLeast?: number },
): Readonly<Record<string, boolean>> => ({
  Remarks: !isTextOf(fields['Remarks'], remarksAtLeast, 100),
  QueueTimeOutURL: !isCallbackUrl(fields['QueueTimeOutURL']),
  ResultURL: !isCallbackUrl(fields['ResultURL']),
  [occasion]: !isTextUpTo(fields[occasion], 100),
});
