import { attemptReference, sha256Hex } from '../identifiers.ts';
import type { JournalEntry } from '../journal.ts';

/**
 * The trace of a payment, known to whoever knows its id: 32 hex digits, the reference of the attempt, as the operator is told it.
 * So processes that never meet (the one that sends, the one that takes the callback, the one that asks a day later) write into one
 * trace, and nothing needs to be stored or sent for it. A payment that goes over a second route has a second trace.
 */
export const traceIdOf = (transactionId: string, attempt = 1): string => attemptReference(transactionId, attempt);

/** The trace of a settlement. */
export const traceIdOfSettlement = (network: string, settlementId: string): string =>
  sha256Hex(`canza:trace:settlement:${network}:${settlementId}`).slice(0, 32);

/** The trace of a transaction on a chain: the beginning of its hash, where that is hex. */
export const traceIdOfTransaction = (hash: string): string =>
  /^0x[0-9a-f]{64}$/.exec(hash) === null ? sha256Hex(`canza:trace:${hash}`).slice(0, 32) : hash.slice(2, 34);

/** The trace of a journal entry of any kind: what is written of a payment, settlement or transaction stands in its own. */
export function traceIdOfEntry({ kind, id, body }: Pick<JournalEntry, 'kind' | 'id' | 'body'>): string {
  const [family, network = ''] = kind.split(/:(.*)/s);
  const { attempts, builds } = body as {
    readonly attempts?: readonly unknown[];
    readonly builds?: readonly { readonly hash: string }[];
  };
  if (family === 'payment') return traceIdOf(id, Math.max(1, attempts?.length ?? 1));
  if (family === 'settlement') return traceIdOfSettlement(network, id);
  const hash = builds?.at(-1)?.hash;
  return hash === undefined ? sha256Hex(`canza:trace:${kind}:${id}`).slice(0, 32) : traceIdOfTransaction(hash);
}
