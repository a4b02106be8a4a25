import { type CallbackReport, type Finding, type IncomingCallback, InvalidCallbackError } from '@canza/core';
import { z } from 'zod';

import { readJson } from '../../shared/reply.ts';
import type { AirtelMoneyConfig } from '../config.ts';
import { findingOf, type Side } from '../payments/responses.ts';
import { statusOf } from '../status.ts';
import { TextSchema } from '../wire.ts';
import { provenTransaction } from './hash.ts';

/** Source: docs/providers/airtel-money.md#callbacks */
const CALLBACK_ACKNOWLEDGEMENT = {
  contentType: 'application/json',
  body: '{"code":200,"status":"SUCCESS"}',
} as const;

const TransactionSchema = z.object({
  id: TextSchema,
  status_code: z.string(),
  airtel_money_id: TextSchema.nullish().catch(undefined),
});
type CallbackTransaction = z.output<typeof TransactionSchema>;

const CallbackSchema = z.object({ transaction: TransactionSchema, hash: z.string().nullish() });

const NO_CODES = { meaning: { kind: 'unlisted' }, code: '', message: '' } as const;

type CallbackConfig = Pick<AirtelMoneyConfig, 'callbackKey' | 'name'>;

/**
 * Reads a callback. It names our reference, but no amount and no number.
 *
 * With a callback key, its hash has to match, and `TS` is then Airtel's word. A failure stays a hint all the same: the callback does
 * not say why, and the enquiry that confirms it does. Without a key every callback is a hint, and of a hint nothing is kept.
 * @throws InvalidCallbackError when it is no such body, or, with a callback key, when no hash matches.
 * Source: docs/providers/airtel-money.md#callbacks
 */
export function parsePaymentCallback(
  callback: Pick<IncomingCallback, 'method' | 'body' | 'type'>,
  config: CallbackConfig,
): CallbackReport {
  const { transaction, isProven } = readTransaction(callback, config);
  const finding = saysOf(transaction, callback.type === 'disbursement' ? 'we-pay' : 'they-pay');
  const trust = isProven && finding.status === 'succeeded' ? 'signed' : 'hint';
  return {
    finding: trust === 'signed' ? finding : withoutIds(finding),
    trust,
    acknowledgement: CALLBACK_ACKNOWLEDGEMENT,
  };
}

/**
 * Whose callback it is: all of an application's come to one address, and name our reference.
 * @throws as {@link parsePaymentCallback} does.
 */
export const attemptNamedBy = (
  callback: Pick<IncomingCallback, 'method' | 'body'>,
  config: CallbackConfig,
): string | undefined => readTransaction(callback, config).transaction.id;

/** The transaction of a callback: with a key, out of the text that the hash covers, and nothing else. */
function readTransaction(
  { method, body }: Pick<IncomingCallback, 'method' | 'body'>,
  { callbackKey, name: provider }: CallbackConfig,
): { readonly transaction: CallbackTransaction; readonly isProven: boolean } {
  if (method !== 'POST') throw new InvalidCallbackError('Airtel Money calls back with POST.', { provider });
  const read = CallbackSchema.safeParse(readJson({ body }));
  if (!read.success) throw new InvalidCallbackError('Not the body of a payment callback.', { provider });
  const { transaction, hash } = read.data;
  if (callbackKey === undefined) return { transaction, isProven: false };
  const proven = hash == null ? undefined : provenTransaction(body, hash, callbackKey);
  if (proven === undefined) {
    throw new InvalidCallbackError('The hash of the callback does not match the callback key.', { provider });
  }
  return { transaction: TransactionSchema.parse(JSON.parse(proven)), isProven: true };
}

function saysOf({ status_code: word, airtel_money_id: airtelMoneyId }: CallbackTransaction, side: Side): Finding {
  const transaction = { status: word, airtel_money_id: airtelMoneyId, reference_id: undefined };
  return findingOf(statusOf(word), transaction, NO_CODES, side);
}

/** A forger's id must not stand in the way of the real one. */
function withoutIds(finding: Finding): Finding {
  const { references: _references, ...rest } = finding;
  if (rest.status !== 'succeeded') return rest;
  const { receipt: _receipt, ...bare } = rest;
  return bare;
}
