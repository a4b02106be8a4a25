import { PaymentError } from '@canza/core';

import { createFaultPlan, REQUEST_FAULT_KINDS, type RequestFault, type RequestFaultKind } from '../src/faults.ts';

/** The kinds after which the caller has no reply. */
export const SILENT_KINDS: readonly RequestFaultKind[] = ['request-lost', 'reply-lost', 'hang'];

/** Everything that can go wrong with a submission, with and without the operator's acceptance where that is left open. */
export const SUBMIT_FAULTS: readonly RequestFault[] = REQUEST_FAULT_KINDS.flatMap((kind) =>
  [undefined, true, false].flatMap((accepted) => {
    const fault = { stage: 'submit', kind, ...(accepted === undefined ? {} : { accepted }) } as const;
    return isPossible(fault) ? [fault] : [];
  }),
);

function isPossible(fault: RequestFault): boolean {
  try {
    createFaultPlan(fault);
    return true;
  } catch {
    return false;
  }
}

/** Sends what may have no reply at all. */
export async function attempt(call: Promise<unknown>): Promise<'replied' | 'no reply'> {
  try {
    await call;
    return 'replied';
  } catch (error) {
    if (PaymentError.isInstance(error)) return 'no reply';
    throw error;
  }
}

/** `html, accepted: true` */
export const describeFault = ({ kind, accepted }: RequestFault): string =>
  accepted === undefined ? kind : `${kind}, accepted: ${accepted}`;
