import type { HttpRequest, HttpResponse, Money } from '@canza/core';

import { headerOf, type JsonFields, readJsonFields } from '../../wire.ts';
import type { ApiUser } from '../api-users.ts';
import { badRequest, walletError } from '../error-replies.ts';
import { isNote, isReference, noteText, type Party, readAmount, readParty } from '../fields.ts';
import type { MomoEnvironment } from '../settings.ts';
import type { PaymentKind } from './kinds.ts';

/** A payment as it was asked for. */
export interface PaymentOrder {
  /** `X-Reference-Id` */
  readonly referenceId: string;
  readonly externalId: string;
  readonly money: Money;
  /** Absent from a refund. */
  readonly party?: Party;
  /** Of a refund: whatever the caller named. */
  readonly refundOf?: string;
  readonly payerMessage: string;
  readonly payeeNote: string;
  readonly callbackUrl?: string;
}

type Read<T> = { readonly value: T } | { readonly refusal: HttpResponse };

/** The reference and the callback address of whatever makes something. */
export interface Addressing {
  readonly referenceId: string;
  readonly callbackUrl?: string;
}

/**
 * Reads them, and refuses in this order: a bad reference, one that is taken, a callback address of another host. The real order is
 * not written down.
 */
export function readAddressing(
  request: HttpRequest,
  user: ApiUser,
  isTaken: (referenceId: string) => boolean,
): Read<Addressing> {
  const referenceId = headerOf(request, 'x-reference-id') ?? '';
  const callbackUrl = headerOf(request, 'x-callback-url');
  if (!isReference(referenceId)) return { refusal: badRequest() };
  if (callbackUrl !== undefined && !URL.canParse(callbackUrl)) return { refusal: badRequest() };
  if (isTaken(referenceId)) return { refusal: walletError('RESOURCE_ALREADY_EXIST') };
  if (callbackUrl === undefined) return { value: { referenceId } };
  if (new URL(callbackUrl).hostname !== user.callbackHost) {
    return { refusal: walletError('INVALID_CALLBACK_URL_HOST') };
  }
  return { value: { referenceId, callbackUrl } };
}

/** Reads a payment, or says why it is refused. Source: docs/providers/mtn-momo.md#errors */
export function readOrder(
  kind: PaymentKind,
  request: HttpRequest,
  user: ApiUser,
  { currency }: MomoEnvironment,
  isTaken: (referenceId: string) => boolean,
): Read<PaymentOrder> {
  const fields = readJsonFields(request.body);
  if (fields === undefined || !isWellFormed(kind, fields)) return { refusal: badRequest() };
  const isOurs = fields['currency'] === currency;
  const money = isOurs ? readAmount(fields['amount'], currency) : undefined;
  if (isOurs && money === undefined) return { refusal: badRequest() };
  const addressing = readAddressing(request, user, isTaken);
  if ('refusal' in addressing) return addressing;
  if (money === undefined) return { refusal: walletError('INVALID_CURRENCY') };
  const party = kind.party === 'none' ? undefined : readParty(fields[kind.party]);
  return {
    value: {
      ...addressing.value,
      externalId: String(fields['externalId']),
      money,
      ...(party === undefined ? {} : { party }),
      ...(kind.party === 'none' ? { refundOf: String(fields['referenceIdToRefund']) } : {}),
      payerMessage: noteText(fields['payerMessage']),
      payeeNote: noteText(fields['payeeNote']),
    },
  };
}

function isWellFormed(kind: PaymentKind, fields: JsonFields): boolean {
  const { externalId, currency, payerMessage, payeeNote, referenceIdToRefund } = fields;
  if (typeof externalId !== 'string' && typeof externalId !== 'number') return false;
  if (typeof currency !== 'string' || !isNote(payerMessage) || !isNote(payeeNote)) return false;
  if (kind.party === 'none') return typeof referenceIdToRefund === 'string' && referenceIdToRefund !== '';
  return readParty(fields[kind.party]) !== undefined;
}
