import type { Finding, HttpRequest, HttpResponse, Money } from '@canza/core';
import { z } from 'zod';

import { buildCall, checkReference } from './calls.ts';
import type { MtnMomoConfig } from './config.ts';
import { checkMsisdn, moneyFields } from './input.ts';
import { findingOf } from './payments/responses.ts';
import { assertDone, parseResource } from './resource.ts';
import { checkText } from './text.ts';
import { PartySchema, ReasonSchema, TextSchema, withoutGaps } from './wire.ts';

/** A bill that a customer pays when and where it suits. Source: docs/providers/mtn-momo.md#invoice */
export interface InvoiceRequest {
  /** A UUID of version 4, yours: creating twice under the same one creates once. */
  readonly reference: string;
  /** Your own number of the bill. */
  readonly externalId: string;
  readonly money: Money;
  readonly validForSeconds: number;
  /** Who is to pay; E.164 digits without a plus. */
  readonly payerMsisdn: string;
  /** Who is to be paid: our own wallet. */
  readonly payeeMsisdn: string;
  readonly description: string;
  readonly callbackUrl?: string;
}

/** An invoice, and what became of it. */
export interface Invoice {
  /** What is known of the payment. */
  readonly finding: Finding;
  readonly invoiceId?: string;
  /** What the customer types in to pay it. */
  readonly paymentReference?: string;
  /** As MTN spells it. */
  readonly expires?: string;
}

/** @throws InvalidRequestError naming the field. */
export const buildInvoice = (config: MtnMomoConfig, request: InvoiceRequest): HttpRequest =>
  buildCall(config, 'collection', {
    method: 'POST',
    path: '/v2_0/invoice',
    reference: checkReference(request.reference),
    callbackUrl: request.callbackUrl,
    body: {
      externalId: request.externalId,
      ...moneyFields(config, request.money),
      validityDuration: String(request.validForSeconds),
      intendedPayer: { partyIdType: 'MSISDN', partyId: checkMsisdn(request.payerMsisdn, 'payerMsisdn') },
      payee: { partyIdType: 'MSISDN', partyId: checkMsisdn(request.payeeMsisdn, 'payeeMsisdn') },
      description: checkText(request.description, 'description'),
    },
  });

export const buildInvoiceStatus = (config: MtnMomoConfig, reference: string): HttpRequest =>
  buildCall(config, 'collection', { method: 'GET', path: `/v2_0/invoice/${checkReference(reference)}` });

/** @param cancellation A new UUID of version 4 for the cancelling itself. */
export const buildInvoiceCancel = (
  config: MtnMomoConfig,
  { reference, cancellation, externalId }: InvoiceCancellation,
): HttpRequest =>
  buildCall(config, 'collection', {
    method: 'DELETE',
    path: `/v2_0/invoice/${checkReference(reference)}`,
    reference: checkReference(cancellation, 'cancellation'),
    body: { externalId },
  });

/** Which invoice is withdrawn, under which references. */
export interface InvoiceCancellation {
  readonly reference: string;
  readonly cancellation: string;
  readonly externalId: string;
}

const InvoiceSchema = z
  .object({
    status: z.string(),
    amount: z.union([z.string(), z.number()]).nullish(),
    currency: z.string().nullish(),
    financialTransactionId: TextSchema.nullish(),
    intendedPayer: PartySchema.nullish(),
    errorReason: ReasonSchema.nullish(),
    invoiceId: TextSchema.nullish(),
    paymentReference: TextSchema.nullish(),
    expiryDateTime: TextSchema.nullish(),
  })
  .transform(
    ({ errorReason, intendedPayer, invoiceId, paymentReference, expiryDateTime, ...body }): Invoice => ({
      finding: findingOf({ ...body, payer: intendedPayer, reason: errorReason }, 'they-pay'),
      ...withoutGaps({ invoiceId, paymentReference, expires: expiryDateTime }),
    }),
  );

/** It was created, now or before under the same reference. */
export const parseInvoiceCreated = (response: HttpResponse, provider: string): void =>
  assertDone(response, [202, 409], provider, 'payment');

/** `undefined` where MTN does not know the reference. @throws for every other refusal: none says anything about the payment. */
export const parseInvoice = (response: HttpResponse, provider: string): Invoice | undefined =>
  parseResource(response, InvoiceSchema, provider, { purpose: 'status' });

export const parseInvoiceCancelled = (response: HttpResponse, provider: string): void =>
  assertDone(response, [200], provider, 'status');
