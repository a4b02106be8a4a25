import {
  type Finding,
  type HttpResponse,
  isCurrencyCode,
  type Money,
  type ProviderReferences,
  readOperatorAmount,
  redactText,
  type SubmitFinding,
} from '@canza/core';
import { readJson } from '../../shared/reply.ts';
import { UuidSchema } from '../config.ts';
import { readRefusal, refusalError } from '../refusals.ts';
import { reasonOf, type Side, statusOf } from '../status.ts';
import { type PaymentStatusBody, PaymentStatusSchema } from './wire.ts';

/** Under this name an accepted attempt keeps its reference: the proof that MTN once had it. No callback brings it. */
export const ACCEPTED_REFERENCE = 'X-Reference-Id';

/**
 * Reads the reply to a request that makes a payment: `pending` once it is accepted, which is all that it ever says.
 * @throws RejectedError, AuthenticationError, RateLimitError where nothing can have moved; DuplicateReferenceError where an
 * earlier send got through; UnexpectedResponseError, with `moneyMoved: 'maybe'`, for everything else.
 * Source: docs/providers/mtn-momo.md#payments
 */
export function parseAccepted(response: HttpResponse, reference: string, provider: string): SubmitFinding {
  if (response.status !== 202) throw refusalError('payment', readRefusal(response), response, provider);
  const references: ProviderReferences = { [ACCEPTED_REFERENCE]: reference };
  if (response.body.trim() === '') return { status: 'pending', code: 'HTTP 202', references };
  return {
    status: 'unknown',
    code: 'HTTP 202',
    detail: 'It was accepted with a text, where MTN sends none.',
    references,
  };
}

/** What is known of the payment that is asked about. */
export interface AskedPayment {
  readonly side: Side;
  readonly reference: string;
  /** Whether MTN accepted it, as far as the reply reached us. */
  readonly wasAccepted: boolean;
}

/**
 * Reads what became of a payment. A failed payment is HTTP 200 too; an error reply says nothing about it.
 * @throws AuthenticationError, RateLimitError, UnexpectedResponseError when the question was not answered.
 * Source: docs/providers/mtn-momo.md#statuses
 */
export function parsePaymentStatus(response: HttpResponse, asked: AskedPayment, provider: string): Finding {
  const json = readJson(response);
  if (response.status === 200) {
    const reply = PaymentStatusSchema.safeParse(json);
    if (reply.success) {
      const { externalId } = reply.data;
      if (typeof externalId === 'string' && isAnother(externalId, asked.reference)) {
        return { status: 'unknown', code: reply.data.status, detail: 'The answer is about another reference.' };
      }
      return findingOf(reply.data, asked.side);
    }
  }
  const refusal = readRefusal(response, json);
  if (response.status === 404 && refusal.meaning.kind === 'not-found') {
    const { code, message: detail } = refusal;
    if (!asked.wasAccepted) return { status: 'not-found', code, detail };
    return { status: 'unknown', code, detail: 'MTN accepted it, and does not know it now.' };
  }
  throw refusalError('status', refusal, response, provider);
}

/** What a status body says, in a reply or in a callback. */
export function findingOf(body: PaymentStatusBody, side: Side): Finding {
  const { status: word, reason } = body;
  const status = statusOf(word);
  switch (status) {
    case 'succeeded': {
      const money = moneyOf(body);
      if (money === 'unreadable') {
        return { status: 'unknown', code: word, detail: 'It names an amount that cannot be read exactly.' };
      }
      return {
        status,
        code: word,
        ...(body.financialTransactionId == null ? {} : { receipt: body.financialTransactionId }),
        ...(money === undefined ? {} : { money }),
      };
    }
    case 'failed': {
      const told = { code: reason?.code ?? word, detail: redactText(reason?.message ?? '') };
      const meaning = reasonOf(told.code, side);
      return meaning === 'look-again' ? { status: 'unknown', ...told } : { status, reason: meaning, ...told };
    }
    case 'pending':
    case 'unknown':
      return { status, code: word };
  }
}

/** Amounts come back normalised (`12.5` for `12.50`), so they are compared by value. */
function moneyOf({ amount, currency }: PaymentStatusBody): Money | undefined | 'unreadable' {
  if (amount == null || currency == null) return undefined;
  if (!isCurrencyCode(currency)) return 'unreadable';
  return readOperatorAmount(amount, currency) ?? 'unreadable';
}

/** An id that is no reference of ours proves nothing: a market may spell it in its own way. */
const isAnother = (externalId: string, reference: string): boolean =>
  UuidSchema.safeParse(externalId).success && externalId !== reference;
