import type { Finding, HttpResponse, SubmitFinding } from '@canza/core';
import { z } from 'zod';

import { readJson } from '../../shared/reply.ts';
import { readReply, refusalError } from '../refusals.ts';
import { statusOf } from '../status.ts';
import { TextSchema } from '../wire.ts';

/** Whether a receiver may be paid, and who it is. Personal data: keep it out of logs. */
export interface RemittanceReceiver {
  readonly status: 'active' | 'inactive';
  readonly isBarred: boolean;
  readonly name?: string;
}

const ReceiverSchema = z.object({
  accountStatus: z.string(),
  userBarred: z.boolean().nullish(),
  firstName: z.string().nullish(),
  lastName: z.string().nullish(),
});

/** Field names of these replies are not published; these are the ones that were met. */
const RemittanceReplySchema = z.object({ status: TextSchema, txnid: TextSchema.nullish().catch(undefined) });

/** @throws what a question that moves no money throws. */
export function parseRemittanceCheck(response: HttpResponse, provider: string): RemittanceReceiver {
  const json = readJson(response);
  const read = ReceiverSchema.safeParse(json);
  if (response.status !== 200 || !read.success) {
    throw refusalError({ kind: 'other' }, readReply(response, json), response, provider);
  }
  const { accountStatus, userBarred, firstName, lastName } = read.data;
  const name = [firstName, lastName].filter(Boolean).join(' ');
  const isBarred = userBarred === true;
  return {
    status: accountStatus === 'Y' && !isBarred ? 'active' : 'inactive',
    isBarred,
    ...(name === '' ? {} : { name }),
  };
}

/**
 * Reads the reply to a remittance or to its refund. Its `200` says that the call was answered; what became of the money is only in
 * a status that is listed.
 * @throws RejectedError, AuthenticationError, RateLimitError where nothing can have moved; UnexpectedResponseError, with
 * `moneyMoved: 'maybe'`, for everything else.
 */
export function parseRemittance(response: HttpResponse, provider: string): SubmitFinding {
  const finding = readRemittance(response);
  if (finding === undefined) throw refusalError({ kind: 'remittance' }, readReply(response), response, provider);
  return finding;
}

/** Reads what became of a remittance. @throws where the question was not answered. */
export function parseRemittanceEnquiry(response: HttpResponse, provider: string): Finding {
  const finding = readRemittance(response);
  if (finding === undefined) throw refusalError({ kind: 'question' }, readReply(response), response, provider);
  return finding;
}

function readRemittance(response: HttpResponse): SubmitFinding | undefined {
  const read = RemittanceReplySchema.safeParse(readJson(response));
  if (response.status !== 200 || !read.success) return undefined;
  const { status: code, txnid } = read.data;
  const told = { code, ...(txnid == null || txnid === '' ? {} : { references: { txnid } }) };
  const status = code === '200' ? 'pending' : statusOf(code);
  switch (status) {
    case 'succeeded':
      return { status, ...told, ...(txnid == null || txnid === '' ? {} : { receipt: txnid }) };
    case 'failed':
    case 'expired':
      return { status: 'failed', reason: 'request-refused', ...told };
    case 'reversed':
      return { status: 'unknown', ...told, detail: 'Airtel Money gave the money back.' };
    case 'pending':
    case 'unknown':
      return { status, ...told };
  }
}
