import type { HttpRequest } from '@canza/core';

import type { CallbackFault, CallbackFaultKind } from './faults.ts';

/** A callback and when it is to be sent, counted from now. */
export interface PlannedCallback {
  readonly delayMs: number;
  readonly request: HttpRequest;
}

export interface CallbackPlanOptions {
  readonly faults: readonly CallbackFault[];
  /** Milliseconds until the callback would come if all went well. */
  readonly dueMs: number;
  /** What happened. */
  readonly truth: HttpRequest;
  /** The opposite of what happened, where there is one. */
  readonly opposite?: () => HttpRequest;
}

/** The faults that {@link planCallbacks} knows how to commit, for `takeForCallback` when a payment has ended. */
export const PLANNED_KINDS = ['late', 'doubled', 'missing', 'contradicting', 'contradicting-first'] as const;

const LATE_MS = 300_000;
const APART_MS = 1_000;

/** Which callbacks one payment sends, and when: one, unless faults say otherwise. */
export function planCallbacks({ faults, dueMs, truth, opposite }: CallbackPlanOptions): readonly PlannedCallback[] {
  const fault = (kind: CallbackFaultKind): CallbackFault | undefined => faults.find((one) => one.kind === kind);
  if (fault('missing') !== undefined) return [];
  const late = fault('late');
  const firstMs = dueMs + (late === undefined ? 0 : (late.delayMs ?? LATE_MS));
  const callbacks: PlannedCallback[] = [{ delayMs: firstMs, request: truth }];
  const doubled = fault('doubled');
  if (doubled !== undefined) callbacks.push({ delayMs: firstMs + (doubled.delayMs ?? APART_MS), request: truth });
  if (opposite === undefined) return callbacks;
  const after = fault('contradicting');
  if (after !== undefined) callbacks.push({ delayMs: firstMs + (after.delayMs ?? APART_MS), request: opposite() });
  const before = fault('contradicting-first');
  if (before === undefined) return callbacks;
  const shiftMs = before.delayMs ?? APART_MS;
  return [
    { delayMs: firstMs, request: opposite() },
    ...callbacks.map(({ delayMs, request }) => ({ delayMs: delayMs + shiftMs, request })),
  ];
}
