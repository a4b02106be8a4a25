import type { HttpRequest, HttpResponse } from '@canza/core';
import { z } from 'zod';

import { buildCall, checkReference } from './calls.ts';
import type { MtnMomoConfig } from './config.ts';
import { checkMsisdn } from './input.ts';
import { assertDone, parseKnownResource, parseResource } from './resource.ts';
import { statusOf } from './status.ts';
import { checkText } from './text.ts';
import { ReasonSchema, TextSchema, withoutGaps } from './wire.ts';

/**
 * A customer's standing approval to be debited. It moves no money by itself: later requests to pay do.
 * Source: docs/providers/mtn-momo.md#pre-approval
 */
export interface PreApprovalRequest {
  /** A UUID of version 4, yours: asking twice under the same one asks once. */
  readonly reference: string;
  /** E.164 digits without a plus. */
  readonly msisdn: string;
  /** In which the customer will be debited. */
  readonly currency: string;
  /** What the customer reads: 1 to 160 plain characters. */
  readonly message: string;
  readonly validForSeconds: number;
  readonly callbackUrl?: string;
}

/** What became of the request for an approval. */
export interface PreApproval {
  readonly status: 'approved' | 'refused' | 'pending' | 'unknown';
  /** MTN's word or reason, as it was spelled. */
  readonly code: string;
  /** As MTN spells it: a time, or a number. */
  readonly expires?: string;
}

/** One entry of a customer's list of approvals. */
export interface StandingApproval {
  readonly preApprovalId: string;
  /** `APPROVED`, `CANCELLED`, `EXPIRED`, `REJECTED`, `PENDING`, as MTN spells it. */
  readonly status: string;
  readonly currency?: string;
  readonly maxDebitAmount?: string;
  readonly frequency?: string;
  readonly createdTime?: string;
  readonly approvedTime?: string;
  readonly expiryTime?: string;
  readonly message?: string;
  readonly externalId?: string;
}

/** @throws InvalidRequestError naming the field. */
export const buildPreApproval = (config: MtnMomoConfig, request: PreApprovalRequest): HttpRequest =>
  buildCall(config, 'collection', {
    method: 'POST',
    path: '/v2_0/preapproval',
    reference: checkReference(request.reference),
    callbackUrl: request.callbackUrl,
    body: {
      payer: { partyIdType: 'MSISDN', partyId: checkMsisdn(request.msisdn) },
      payerCurrency: request.currency,
      payerMessage: checkText(request.message, 'message'),
      validityTime: request.validForSeconds,
    },
  });

export const buildPreApprovalStatus = (config: MtnMomoConfig, reference: string): HttpRequest =>
  buildCall(config, 'collection', { method: 'GET', path: `/v2_0/preapproval/${checkReference(reference)}` });

/** @throws InvalidRequestError for what is no number. */
export const buildPreApprovalList = (config: MtnMomoConfig, msisdn: string): HttpRequest =>
  buildCall(config, 'collection', { method: 'GET', path: `/v1_0/preapprovals/msisdn/${checkMsisdn(msisdn)}` });

export const buildPreApprovalCancel = (config: MtnMomoConfig, preApprovalId: string): HttpRequest =>
  buildCall(config, 'collection', {
    method: 'DELETE',
    path: `/v1_0/preapproval/${encodeURIComponent(preApprovalId)}`,
  });

const PreApprovalSchema = z
  .object({ status: z.string(), expirationDateTime: TextSchema.nullish(), reason: ReasonSchema.nullish() })
  .transform(({ status, expirationDateTime, reason }): PreApproval => {
    const outcome = statusOf(status);
    return {
      status: outcome === 'succeeded' ? 'approved' : outcome === 'failed' ? 'refused' : outcome,
      code: reason?.code ?? status,
      ...(expirationDateTime == null ? {} : { expires: expirationDateTime }),
    };
  });

const StandingApprovalSchema = z
  .object({
    preApprovalId: TextSchema,
    status: z.string(),
    fromCurrency: z.string().nullish(),
    maxDebitAmount: TextSchema.nullish(),
    frequency: z.string().nullish(),
    createdTime: TextSchema.nullish(),
    approvedTime: TextSchema.nullish(),
    expiryTime: TextSchema.nullish(),
    message: z.string().nullish(),
    externalId: TextSchema.nullish(),
  })
  .transform(
    ({ preApprovalId, status, fromCurrency, ...told }): StandingApproval => ({
      preApprovalId,
      status,
      ...withoutGaps({ ...told, currency: fromCurrency }),
    }),
  );

const StandingApprovalsSchema = z.array(StandingApprovalSchema);

/** It was asked for, now or before under the same reference. */
export const parsePreApprovalAsked = (response: HttpResponse, provider: string): void =>
  assertDone(response, [202, 409], provider);

/** `undefined` where MTN does not know the reference. */
export const parsePreApproval = (response: HttpResponse, provider: string): PreApproval | undefined =>
  parseResource(response, PreApprovalSchema, provider);

export const parsePreApprovalList = (response: HttpResponse, provider: string): readonly StandingApproval[] =>
  parseKnownResource(response, StandingApprovalsSchema, provider);

export const parsePreApprovalCancelled = (response: HttpResponse, provider: string): void =>
  assertDone(response, [200], provider);
