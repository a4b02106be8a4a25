import type { MpesaConfig } from '../config.ts';
import { callbackAddress } from '../fields.ts';

/** Where a result is to go, and the message that the request expired in Daraja's queue. */
export interface ResultAddresses {
  readonly QueueTimeOutURL: string;
  readonly ResultURL: string;
}

/** Where the answers of a request go that no bridge drives. */
export interface AnswerAddresses {
  readonly resultUrl: string;
  /** For the message that the request expired in Daraja's queue; proves nothing. Default: `resultUrl`. */
  readonly expiredUrl?: string;
}

/** What a result of an attempt is about; also the end of the address to which it goes. */
export const RESULT_KINDS = ['payout', 'reversal', 'status'] as const;
export type ResultKind = (typeof RESULT_KINDS)[number];

const EXPIRED = '-expired';

/**
 * Gives Daraja two addresses below the attempt's own. A result does not say which question it answers, and a failed question
 * about a payout must never be taken for a failed payout: the address tells them apart.
 * Source: docs/providers/mpesa.md#results
 */
export function resultAddressesOf(callbackUrl: string, kind: ResultKind, config: MpesaConfig): ResultAddresses {
  const address = callbackAddress(callbackUrl, config.environment);
  return { QueueTimeOutURL: `${address}/${kind}${EXPIRED}`, ResultURL: `${address}/${kind}` };
}

/** What arrives at an address with that end. */
export function readSuffix(suffix: string): { readonly kind: ResultKind; readonly expired: boolean } | undefined {
  const expired = suffix.endsWith(EXPIRED);
  const name = expired ? suffix.slice(0, -EXPIRED.length) : suffix;
  const kind = RESULT_KINDS.find((each) => each === name);
  return kind === undefined ? undefined : { kind, expired };
}

/** @throws InvalidRequestError naming the address. */
export function answerAddressesOf(addresses: AnswerAddresses, { environment }: MpesaConfig): ResultAddresses {
  const { resultUrl, expiredUrl = resultUrl } = addresses;
  return {
    QueueTimeOutURL: callbackAddress(expiredUrl, environment, 'expiredUrl'),
    ResultURL: callbackAddress(resultUrl, environment, 'resultUrl'),
  };
}
