import { type FailureReason, type PaymentRecord, type PaymentStatus, parseMoney } from '@canza/core';

import { failureSentence, isOperatorId, type PromptRescue, rescuePrompt } from '../directory/index.ts';

/** What a payer can be told about a payment, and what they can do. */
export interface PayerGuidance {
  readonly status: PaymentStatus;
  readonly reason?: FailureReason;
  /** Fit for one SMS; left out where there is nothing to say to a payer: nothing was sent yet, or all is well. */
  readonly sentence?: string;
  /** Of a collection that was sent: how its prompt is still approved, when it ends, and when a new one is safe. */
  readonly prompt?: PromptRescue;
}

/**
 * Pure. A new prompt is offered only for a record that says `failed`: that is the proof that no earlier one can still be paid.
 * @param language A tag such as `fr-CI`; by default that of the operator's country.
 */
export function guidanceFor(record: PaymentRecord, nowMs: number, language?: string): PayerGuidance {
  const { status, reason, type, attempts } = record;
  const [operator] = record.operators;
  const attempt = attempts.at(-1);
  const context = {
    money: parseMoney(record.amount, record.currency),
    ...(language === undefined ? {} : { language }),
    ...(isOperatorId(operator) ? { operator } : {}),
  };
  const base = { status, ...(reason === undefined ? {} : { reason }) };
  const failed = status === 'failed';
  const wasAsked = type === 'collection' && attempt !== undefined && status !== 'created' && status !== 'succeeded';
  const prompt =
    wasAsked && isOperatorId(operator)
      ? rescuePrompt({ ...context, operator, sentAtMs: attempt.startedAtMs, nowMs, failed })
      : undefined;
  const sentence = failed ? failureSentence(reason ?? 'request-refused', context) : prompt?.sentence;
  return {
    ...base,
    ...(sentence === undefined ? {} : { sentence }),
    ...(prompt === undefined ? {} : { prompt }),
  };
}
