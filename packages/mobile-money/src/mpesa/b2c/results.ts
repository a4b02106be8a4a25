import { readOperatorAmount } from '@canza/core';

import { findingOf, type InitiatorResult, parameterOf } from '../initiator/results.ts';

const WHOLE_MSISDN = /^(254\d{9})(?: - |$)/;

/**
 * Reads the result of a payout, and who was paid.
 * Source: docs/providers/mpesa.md#payout-results
 */
export function readPayoutResult(result: InitiatorResult) {
  const receipt = parameterOf(result, 'TransactionReceipt') ?? result.transactionId;
  const money = readOperatorAmount(parameterOf(result, 'TransactionAmount'), 'KES');
  const [, msisdn] = WHOLE_MSISDN.exec(String(parameterOf(result, 'ReceiverPartyPublicName'))) ?? [];
  const finding = findingOf('b2c', result, () => ({
    ...(typeof receipt === 'string' ? { receipt } : {}),
    ...(money === undefined ? {} : { money }),
  }));
  return { finding, msisdn };
}
