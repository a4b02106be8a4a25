import { type HttpRequest, InvalidRequestError, type Money } from '@canza/core';

import { buildCall, checkReference } from './calls.ts';
import type { MtnMomoConfig } from './config.ts';
import { checkMsisdn, moneyFields } from './input.ts';
import { fitText } from './text.ts';
import { withoutGaps } from './wire.ts';

/** Kinds of documents by which a sender is known. Source: docs/providers/mtn-momo.md#cash-transfer */
export type IdentificationType =
  | 'PASS'
  | 'CPFA'
  | 'SRSSA'
  | 'NRIN'
  | 'OTHR'
  | 'DRLC'
  | 'SOCS'
  | 'AREG'
  | 'IDCD'
  | 'EMID';

/** Who sends money across a border, as the receiving side has to record it. Personal data. */
export interface CashSender {
  readonly identificationType: IdentificationType;
  readonly identificationNumber: string;
  /** E.164 digits without a plus. */
  readonly msisdn: string;
  readonly firstName: string;
  readonly surname: string;
  /** ISO 639, such as `en`. */
  readonly languageCode?: string;
  readonly email?: string;
  readonly gender?: 'MALE' | 'FEMALE';
}

/** A cash transfer across a border, with its sender's identity. Source: docs/providers/mtn-momo.md#cash-transfer */
export interface CashTransferRequest {
  /** A UUID of version 4, yours: it deduplicates. Store it before the call, and never send again under another one in doubt. */
  readonly reference: string;
  readonly externalId: string;
  readonly money: Money;
  /** The recipient; E.164 digits without a plus. */
  readonly msisdn: string;
  /** ISO 3166 alpha-2. */
  readonly originatingCountry: string;
  /** What the sender paid in before the exchange, in any currency of the world: a decimal string. */
  readonly originalAmount: string;
  /** ISO 4217. */
  readonly originalCurrency: string;
  readonly sender: CashSender;
  readonly payerMessage?: string;
  readonly payeeNote?: string;
  readonly callbackUrl?: string;
}

const DECIMAL = /^\d{1,18}(?:\.\d{1,4})?$/;
const COUNTRY = /^[A-Z]{2}$/;

/** @throws InvalidRequestError naming the field. */
export function buildCashTransfer(config: MtnMomoConfig, request: CashTransferRequest): HttpRequest {
  const { money, sender } = request;
  if (!DECIMAL.test(request.originalAmount)) {
    throw new InvalidRequestError({ field: 'originalAmount', expected: 'a decimal string, such as "560"' });
  }
  if (!COUNTRY.test(request.originatingCountry)) {
    throw new InvalidRequestError({ field: 'originatingCountry', expected: 'an ISO 3166 alpha-2 code, such as "SE"' });
  }
  const senderMsisdn = checkMsisdn(sender.msisdn, 'sender.msisdn');
  return buildCall(config, 'remittance', {
    method: 'POST',
    path: '/v2_0/cashtransfer',
    reference: checkReference(request.reference),
    callbackUrl: request.callbackUrl,
    body: {
      ...moneyFields(config, money),
      payee: { partyIdType: 'MSISDN', partyId: checkMsisdn(request.msisdn) },
      externalId: request.externalId,
      // Misspelt on the wire, and to be sent so.
      orginatingCountry: request.originatingCountry,
      originalAmount: request.originalAmount,
      originalCurrency: request.originalCurrency,
      ...withoutGaps({
        payerMessage: request.payerMessage === undefined ? undefined : fitText(request.payerMessage),
        payeeNote: request.payeeNote === undefined ? undefined : fitText(request.payeeNote),
      }),
      payerIdentificationType: sender.identificationType,
      payerIdentificationNumber: sender.identificationNumber,
      payerIdentity: `ID:${senderMsisdn}/MSISDN`,
      payerFirstName: sender.firstName,
      payerSurName: sender.surname,
      ...withoutGaps({ payerLanguageCode: sender.languageCode, payerEmail: sender.email }),
      payerMsisdn: senderMsisdn,
      ...withoutGaps({ payerGender: sender.gender }),
    },
  });
}

export const buildCashTransferStatus = (config: MtnMomoConfig, reference: string): HttpRequest =>
  buildCall(config, 'remittance', { method: 'GET', path: `/v2_0/cashtransfer/${checkReference(reference)}` });
