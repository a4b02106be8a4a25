import { type Attempt, type Evidence, type EvidenceSource, type MoneyMoved } from '@canza/core';

import type { PlanContext } from './payment-plan.ts';

/** One thing learned about an attempt. */
export const evidence = (
  { nowMs }: PlanContext,
  source: EvidenceSource,
  attempt: Attempt,
  moneyMoved: MoneyMoved,
  code: string | undefined,
  detail: string,
): Evidence => ({
  atMs: nowMs,
  source,
  attempt: attempt.number,
  moneyMoved,
  detail,
  ...(code === undefined ? {} : { code }),
});
