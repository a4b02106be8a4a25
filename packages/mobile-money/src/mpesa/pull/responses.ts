import { formatMoney, type HttpResponse, readOperatorAmount, UnexpectedResponseError } from '@canza/core';
import { z } from 'zod';
import { readJson } from '../../shared/reply.ts';
import { readRefusal, refusalError } from '../refusals.ts';
import { CodeSchema } from '../wire.ts';

/** A payment into the short code: a line for the bridge's `reconcile`. */
export interface PulledPayment {
  readonly receipt: string;
  /** Decimal string. */
  readonly amount: string;
  readonly currency: 'KES';
  /** What the payer typed; of our own prompts, the AccountReference. */
  readonly account: string;
  /** Where the account is one that we gave a prompt: the first 12 digits of our reference. */
  readonly referenceStart?: string;
  /** As Daraja writes it, such as `2020-08-05T10:13:00Z`; whether the `Z` is true is not known. */
  readonly date: string;
  /** As Daraja writes it: with or without the country code, or masked. */
  readonly payer: string;
  /** Such as `c2b-pay-bill-debit`. */
  readonly type: string;
}

const Text = z.union([z.string(), z.number()]).transform((value) => String(value).trim());

/** Types of number, sender and amount differ from sample to sample. */
const PaymentSchema = z.object({
  transactionId: z.string().min(1),
  trxDate: Text,
  msisdn: Text.nullish(),
  transactiontype: Text.nullish(),
  billreference: Text.nullish(),
  amount: z.union([z.string(), z.number()]),
});

const PullReplySchema = z.object({
  ResponseCode: CodeSchema,
  Response: z.array(z.array(PaymentSchema)).nullish(),
});

/** The status is spelled with and without a blank. */
const RegistrationReplySchema = z.union([
  z.object({ ResponseStatus: CodeSchema }).transform(({ ResponseStatus }) => ResponseStatus),
  z.object({ 'Response Status': CodeSchema }).transform((reply) => reply['Response Status']),
]);

/** What a prompt names as its account when the caller gave none. */
const PROMPT_ACCOUNT = /^[0-9a-f]{12}$/i;

const DONE = '1000';
const ALREADY = '1001';

/**
 * Reads whether the short code may pull now, or could before.
 * @throws RejectedError, AuthenticationError, RateLimitError, UnexpectedResponseError; no money is involved.
 * Source: docs/providers/mpesa.md#pull
 */
export function parsePullRegistration(response: HttpResponse, provider: string): 'registered' | 'already-registered' {
  const json = readJson(response);
  const reply = RegistrationReplySchema.safeParse(json);
  if (response.status === 200 && reply.success) {
    if (reply.data === DONE) return 'registered';
    if (reply.data === ALREADY) return 'already-registered';
  }
  throw refusalError(readRefusal('service', response, json), response, provider);
}

/**
 * Reads one page of payments; an empty one is the end. All of a page or none of it: a statement with a gap would hide a payment.
 * @throws as the registration does.
 * Source: docs/providers/mpesa.md#pull
 */
export function parsePull(response: HttpResponse, provider: string): readonly PulledPayment[] {
  const json = readJson(response);
  const reply = PullReplySchema.safeParse(json);
  if (response.status !== 200 || !reply.success || ![DONE, ALREADY].includes(reply.data.ResponseCode)) {
    throw refusalError(readRefusal('service', response, json), response, provider);
  }
  return (reply.data.Response ?? []).flat().map((payment) => {
    const money = readOperatorAmount(payment.amount, 'KES');
    if (money === undefined) {
      const { status, body } = response;
      throw new UnexpectedResponseError('A pulled payment has no readable amount.', { status, body }, { provider });
    }
    const account = payment.billreference ?? '';
    return {
      receipt: payment.transactionId,
      amount: formatMoney(money),
      currency: 'KES',
      account,
      ...(PROMPT_ACCOUNT.test(account) ? { referenceStart: account.toLowerCase() } : {}),
      date: payment.trxDate,
      payer: payment.msisdn ?? '',
      type: payment.transactiontype ?? '',
    };
  });
}
