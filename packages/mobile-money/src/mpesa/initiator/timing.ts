import type { RouteTiming } from '@canza/core';

/**
 * When to ask about what the initiator APIs carry out. The result comes by itself in seconds to minutes, and a question is
 * answered no sooner, so asking is for what got lost.
 * Source: docs/providers/mpesa.md#results
 */
export const RESULT_TIMING: RouteTiming = {
  firstQueryAfterMs: 60_000,
  queryEveryMs: 60_000,
  notFoundIsProofAfterMs: null,
  settlesWithinMs: 300_000,
};
