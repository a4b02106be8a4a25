import { attemptReference, sha256Hex } from '../identifiers.ts';

/**
 * The trace of a payment, known to whoever knows its id: 32 hex digits, the reference of the attempt, as the operator is told it.
 * So processes that never meet (the one that sends, the one that takes the callback, the one that asks a day later) write into one
 * trace, and nothing needs to be stored or sent for it. A payment that goes over a second route has a second trace.
 */
export const traceIdOf = (transactionId: string, attempt = 1): string => attemptReference(transactionId, attempt);

/** The trace of a journal entry of any kind. */
export function traceIdOfEntry({ kind, id, body }: { kind: string; id: string; body: unknown }): string {
  if (kind !== 'payment') return sha256Hex(`canza:trace:${kind}:${id}`).slice(0, 32);
  const { attempts } = body as { readonly attempts?: readonly unknown[] };
  return traceIdOf(id, Math.max(1, attempts?.length ?? 1));
}
