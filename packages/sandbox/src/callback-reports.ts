import type { HttpRequest } from '@canza/core';

import { PLANNED_KINDS, planCallbacks } from './callback-plan.ts';
import type { Deliveries } from './deliveries.ts';
import type { FaultPlan } from './faults.ts';

/** What a payment's end is reported with. */
interface CallbackReport {
  /** The operation that began the payment, such as `stk-push`. */
  readonly operation: string;
  /** The request that began it: faults may be meant for it alone. */
  readonly request: HttpRequest;
  /** Milliseconds until the callback comes if all goes well. */
  readonly dueMs: number;
  /** Whether the caller's reply waits until the receiver has answered. */
  readonly isAhead?: boolean;
  /** What happened; with another amount than the one that moved, when a fault asks for it. */
  readonly truth: (isAmountWrong: boolean) => HttpRequest;
  /** The opposite of what happened, where there is one. */
  readonly opposite?: () => HttpRequest;
}

/** Reports the end of a payment as the fault plan will have it: once and truly, unless it says otherwise. */
export type SendReport = (report: CallbackReport) => Promise<void>;

export const createCallbackReports =
  (faults: FaultPlan, deliveries: Deliveries): SendReport =>
  async ({ operation, request, dueMs, isAhead = false, truth, opposite }) => {
    const struck = faults.takeForCallback(operation, request, [...PLANNED_KINDS, 'wrong-amount']);
    const callbacks = planCallbacks({
      faults: struck,
      dueMs: isAhead ? 0 : dueMs,
      truth: truth(struck.some(({ kind }) => kind === 'wrong-amount')),
      ...(opposite === undefined ? {} : { opposite }),
    });
    for (const callback of callbacks) {
      if (isAhead && callback.delayMs === 0) await deliveries.send(operation, callback.request);
      else deliveries.sendAfter(callback.delayMs, operation, callback.request);
    }
  };
