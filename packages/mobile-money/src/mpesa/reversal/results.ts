import { type Finding, readOperatorAmount } from '@canza/core';

import { findingOf, type InitiatorResult, parameterOf } from '../initiator/results.ts';

/**
 * Reads the result of a reversal. The receipt is the reversal's own.
 * Source: docs/providers/mpesa.md#reversal-results
 */
export function readReversalResult(result: InitiatorResult): Finding {
  const money = readOperatorAmount(parameterOf(result, 'Amount'), 'KES');
  return findingOf('reversal', result, () => ({
    ...(result.transactionId === undefined ? {} : { receipt: result.transactionId }),
    ...(money === undefined ? {} : { money }),
  }));
}
