import type { JsonFields } from '../../wire.ts';
import type { DarajaErrors } from '../error-replies.ts';
import {
  isCallbackUrl,
  isFilled,
  isShortcode,
  isTextOf,
  isTextUpTo,
  type Read,
  refuse,
  refuseFirst,
  take,
  textOf,
} from '../fields.ts';
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

/** How one API spells what all of them have, and what it checks besides. */
export interface InitiatorFrame {
  readonly initiator: 'Initiator' | 'InitiatorName';
  readonly shortcode: 'PartyA' | 'ReceiverParty';
  readonly occasion: 'Occasion' | 'Occassion';
  /** Shortest remarks; 2 unless said otherwise. */
  readonly remarksAtLeast?: number;
  /** Checks that come before the common ones: which fields are wrong. */
  readonly before?: Readonly<Record<string, boolean>>;
  /** Checks that come between the credential and the remarks. */
  readonly between: Readonly<Record<string, boolean>>;
}

/** Checks a request of an API user field by field, and reads what all of them have. */
export function readInitiatorRequest(
  fields: JsonFields,
  frame: InitiatorFrame,
  errors: DarajaErrors,
): Read<InitiatorRequest> {
  const { initiator, shortcode, occasion, remarksAtLeast = 2, before = {}, between } = frame;
  const refusal = refuseFirst(
    {
      ...before,
      [initiator]: !isFilled(fields[initiator]),
      SecurityCredential: !looksLikeCredential(fields['SecurityCredential']),
      ...between,
      Remarks: !isTextOf(fields['Remarks'], remarksAtLeast, 100),
      QueueTimeOutURL: !isCallbackUrl(fields['QueueTimeOutURL']),
      ResultURL: !isCallbackUrl(fields['ResultURL']),
      [occasion]: !isTextUpTo(fields[occasion], 100),
    },
    errors,
  );
  if (refusal !== undefined) return refuse(refusal);
  return take({
    initiator: textOf(fields[initiator]),
    credential: textOf(fields['SecurityCredential']),
    shortcode: textOf(fields[shortcode]),
    resultUrl: textOf(fields['ResultURL']),
    timeoutUrl: textOf(fields['QueueTimeOutURL']),
  });
}

export const isWrongOwnShortcode = (value: unknown, organisations: ReadonlyMap<string, Organisation>): boolean =>
  !isShortcode(value) || !organisations.has(textOf(value));
