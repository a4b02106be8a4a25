import type { Evidence, Violation } from './evidence.ts';
import type { Ask, Story } from './story.ts';

/** These were final when they were told; the others may have gone on since. */
const FINAL: ReadonlySet<string> = new Set(['succeeded', 'failed', 'settled']);

/** What callers were told is what is written. */
export function* compareTold({ stories, payments, settlements }: Evidence): Iterable<Violation> {
  const written = new Map<string, { readonly status: string; readonly amount: string }>([
    ...payments.map(({ body }) => [body.transactionId, body] as const),
    ...settlements.map(({ body }) => [body.settlementId, body] as const),
  ]);
  for (const story of stories) {
    for (const ask of story.asks) yield* compareAnswer(story, ask, written.get(ask.id));
  }
}

function* compareAnswer(
  { kind }: Story,
  { id, amount, answer }: Ask,
  written: { readonly status: string; readonly amount: string } | undefined,
): Iterable<Violation> {
  if (answer === undefined) return;
  if ('error' in answer) {
    if (answer.error === 'FOREIGN') yield { id, what: 'its caller met an error that is none of ours' };
    return;
  }
  if (written === undefined) {
    yield { id, what: `its caller was told ${answer.status}, and there is no record` };
    return;
  }
  if (FINAL.has(answer.status) && answer.status !== written.status) {
    yield { id, what: `its caller was told ${answer.status}, and the record says ${written.status}` };
  }
  if (amount !== undefined && Number(amount) !== Number(answer.amount)) {
    yield { id, what: `a ${kind} of ${amount} was asked for, and one of ${answer.amount} answered` };
  }
}
