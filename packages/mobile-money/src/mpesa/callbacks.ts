import { type CallbackReport, type Finding, type IncomingCallback, InvalidCallbackError } from '@canza/core';

import { readPayoutResult } from './b2c/results.ts';
import { readSuffix } from './initiator/addresses.ts';
import { type InitiatorResult, readResult } from './initiator/results.ts';
import { readReversalResult } from './reversal/results.ts';
import { CALLBACK_ACKNOWLEDGEMENT, parseStkCallback } from './stk/callbacks.ts';
import { readTransactionStatus, vouchersOfStatus } from './transaction-status/results.ts';

const EXPIRED: Finding = { status: 'unknown', code: 'EXPIRED', detail: 'The request expired in the queue of Daraja.' };

/**
 * Reads whatever arrives at an attempt's address: an STK callback, or, at one of the addresses below it, a result.
 * @throws InvalidCallbackError when the body is not what belongs there.
 * Source: docs/providers/mpesa.md#results
 */
export function readMpesaCallback(callback: IncomingCallback, provider: string): CallbackReport {
  if (callback.suffix === undefined) return parseStkCallback(callback, provider);
  const about = readSuffix(callback.suffix);
  if (about === undefined) throw new InvalidCallbackError('Nothing was asked to arrive at that address.', { provider });
  // What the body of such a message is, nobody has published; that it came is all that is read.
  if (about.expired) return hint(EXPIRED);
  const result = readResult(callback, provider);
  if (about.kind === 'status')
    return { ...hint(readTransactionStatus(result)), vouchers: vouchersOfStatus(result), answersQuery: true };
  if (about.kind === 'reversal') return { ...hint(readReversalResult(result)), vouchers: vouchersOf(result) };
  const { finding, msisdn } = readPayoutResult(result);
  return { ...hint(finding), vouchers: vouchersOf(result), ...(msisdn === undefined ? {} : { msisdn }) };
}

/** The id that the acknowledgement gave to us alone. */
const vouchersOf = ({ conversationId }: InitiatorResult) =>
  conversationId === undefined ? {} : { ConversationID: conversationId };

const hint = (finding: Finding): CallbackReport => ({
  finding,
  trust: 'hint',
  acknowledgement: CALLBACK_ACKNOWLEDGEMENT,
});
