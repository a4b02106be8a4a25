import {
  DuplicateReferenceError,
  type FailureReason,
  type Finding,
  type HttpResponse,
  type ProviderReferences,
  type SubmitFinding,
} from '@canza/core';

import { type AirtelReply, readReply, refusalError } from '../refusals.ts';
import { type Meaning, type StatusMeaning, statusOf } from '../status.ts';
import type { TransactionBody } from '../wire.ts';
import { AIRTEL_MONEY_ID } from './requests.ts';

/**
 * Under this name an accepted attempt keeps its own reference: the proof that Airtel once had it. No callback brings it.
 */
export const ACCEPTED_ID = 'transaction.id';

/** Whose money it was: what an expired payment means depends on it. */
export type Side = 'they-pay' | 'we-pay';

export interface SentPayment {
  readonly side: Side;
  readonly reference: string;
}

/**
 * Reads the reply to a collection or a payout. The status of the transaction decides, whatever stands beside it: refusals come as
 * HTTP 200, and payments that were made as `success: false`.
 * @throws RejectedError, AuthenticationError, RateLimitError where nothing can have moved; DuplicateReferenceError where an
 * earlier send got through; UnexpectedResponseError, with `moneyMoved: 'maybe'`, for everything else.
 * Source: docs/providers/airtel-money.md#replies
 */
export function parsePayment(
  response: HttpResponse,
  { side, reference }: SentPayment,
  provider: string,
): SubmitFinding {
  const reply = readReply(response);
  const { transaction, meaning, code } = reply;
  if (transaction === undefined) {
    if (meaning.kind === 'pending') return { status: 'pending', code };
    throw refusalError({ kind: side === 'they-pay' ? 'collection' : 'payout' }, reply, response, provider);
  }
  if (isAnother(transaction, reference)) return { status: 'unknown', code, detail: ANOTHER };
  const status = statusOf(transaction.status);
  if (meaning.kind === 'duplicate' && status !== 'succeeded') {
    // The earlier payment under this id is not the one that failed here.
    throw new DuplicateReferenceError('Airtel Money has this id already: an earlier send got through.', {
      provider,
      providerCode: code,
    });
  }
  const finding = findingOf(status, transaction, reply, side);
  return finding.status === 'pending'
    ? { ...finding, references: { ...finding.references, [ACCEPTED_ID]: reference } }
    : finding;
}

/** What is known of the payment that is asked about. */
export interface AskedPayment extends SentPayment {
  /** Whether Airtel accepted it, as far as the reply reached us. */
  readonly wasAccepted: boolean;
}

/**
 * Reads what became of a payment. Only the status of the transaction ends it: one country's codes mean other things than
 * everybody else's, so no code does.
 * @throws AuthenticationError, RateLimitError, UnexpectedResponseError when the question was not answered.
 * Source: docs/providers/airtel-money.md#enquiry
 */
export function parseEnquiry(response: HttpResponse, asked: AskedPayment, provider: string): Finding {
  const reply = readReply(response);
  const { transaction, meaning, code, message } = reply;
  if (transaction !== undefined) {
    if (isAnother(transaction, asked.reference)) return { status: 'unknown', code, detail: ANOTHER };
    return findingOf(statusOf(transaction.status), transaction, reply, asked.side);
  }
  if (meaning.kind === 'not-found') {
    if (!asked.wasAccepted) return { status: 'not-found', code, detail: message };
    return { status: 'unknown', code, detail: 'Airtel Money accepted it, and does not know it now.' };
  }
  if (meaning.kind === 'pending') return { status: 'pending', code };
  throw refusalError({ kind: 'question' }, reply, response, provider);
}

/**
 * Reads the reply to a refund. It is the only thing that Airtel ever says about it, so that `SUCCESS` counts here; but not with
 * `success: false` beside it, which samples show too.
 * @throws as {@link parsePayment} does.
 * Source: docs/providers/airtel-money.md#refund
 */
export function parseRefund(response: HttpResponse, provider: string): SubmitFinding {
  const reply = readReply(response);
  const { transaction, code, succeeded } = reply;
  if (transaction === undefined) throw refusalError({ kind: 'refund' }, reply, response, provider);
  const isDone = transaction.status === 'TS' || (transaction.status === 'SUCCESS' && succeeded === true);
  if (isDone) return { status: 'succeeded', code: transaction.status };
  return { status: 'unknown', code, detail: `The refund was answered with ${transaction.status}.` };
}

/** What a transaction's status says, in a reply or in a callback. */
export function findingOf(
  status: StatusMeaning,
  transaction: Pick<TransactionBody, 'airtel_money_id' | 'reference_id'> & { readonly status: string },
  { meaning, code, message }: Pick<AirtelReply, 'meaning' | 'code' | 'message'>,
  side: Side,
): SubmitFinding {
  const references = referencesOf(transaction);
  const told = { code: transaction.status, ...(references === undefined ? {} : { references }) };
  switch (status) {
    case 'succeeded': {
      const receipt = receiptOf(transaction);
      return { status, ...told, ...(receipt === undefined ? {} : { receipt }) };
    }
    case 'failed':
    case 'expired': {
      if (meaning.kind === 'ambiguous' || meaning.kind === 'duplicate' || meaning.kind === 'not-found') {
        return { status: 'unknown', ...told, detail: `It says ${transaction.status}, and ${code} beside it.` };
      }
      const words = [code, message].filter(Boolean).join(' ');
      return { status: 'failed', reason: reasonOf(status, meaning, side), ...told, detail: words };
    }
    case 'reversed':
      return { status: 'unknown', ...told, detail: 'Airtel Money gave the money back.' };
    case 'pending':
    case 'unknown':
      return { status, ...told };
  }
}

/** Nobody knows with whom a failure lies that has no listed code: it is not tried again over another route. */
function reasonOf(status: 'failed' | 'expired', meaning: Meaning, side: Side): FailureReason {
  if (meaning.kind === 'refused') return meaning.reason;
  if (status === 'failed') return 'request-refused';
  return side === 'they-pay' ? 'not-answered' : 'operator-refused';
}

const ANOTHER = 'The answer is about another id.';

const isAnother = ({ id }: TransactionBody, reference: string): boolean => id != null && id !== '' && id !== reference;

/** Ids that Airtel made up from ours in place of the network's. */
const MADE_UP = /^(?:disbursement|partner)-/;

const ownId = (id: string | null | undefined): string | undefined =>
  id == null || id === '' || MADE_UP.test(id) ? undefined : id;

const receiptOf = ({
  airtel_money_id: airtelMoneyId,
  reference_id: referenceId,
}: Pick<TransactionBody, 'airtel_money_id' | 'reference_id'>): string | undefined =>
  ownId(airtelMoneyId) ?? ownId(referenceId);

function referencesOf({
  airtel_money_id: airtelMoneyId,
}: Pick<TransactionBody, 'airtel_money_id'>): ProviderReferences | undefined {
  const id = ownId(airtelMoneyId);
  return id === undefined ? undefined : { [AIRTEL_MONEY_ID]: id };
}
