import type { CurrencyCode, PaymentType, Route } from '@canza/core';

import { limitsOf } from '../directory/limits.ts';
import { isOperatorId } from '../directory/operators.ts';

/**
 * What the directory knows of an operator's bounds, for a route: hints, which the operator's own answer overrules. A refund is whole or part of what was
 * paid, whatever the bounds of payouts are.
 */
export function boundsOf(
  operator: string,
  currency: CurrencyCode,
  type: PaymentType,
): Pick<Route, 'minMinor' | 'maxMinor'> {
  const limits = type === 'refund' || !isOperatorId(operator) ? undefined : limitsOf(operator, currency, type);
  return {
    ...(limits?.minMinor === undefined ? {} : { minMinor: limits.minMinor }),
    ...(limits?.maxMinor === undefined ? {} : { maxMinor: limits.maxMinor }),
  };
}
