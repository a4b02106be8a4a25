import { SpanKind } from '@opentelemetry/api';

import type { Journal, JournalEntry } from '../journal.ts';
import { redactText } from '../redact.ts';
import { quietly } from './instruments.ts';
import { maskNumbers } from './mask-numbers.ts';
import { ATTRIBUTES } from './names.ts';
import type { Observer } from './observed-transport.ts';
import { toldOf } from './spans.ts';
import { traceIdOfEntry } from './trace-ids.ts';

/** A journal whose calls are measured, and whose writes are spans in the trace of what they write. */
export function observedJournal(journal: Journal, { spans, instruments, clock }: Observer): Journal {
  /** Measures one call; `outcome` names how it came out, where there is more than one way. */
  const timed = async <T>(operation: string, work: () => Promise<T>, outcomeOf: (result: T) => string): Promise<T> => {
    const startedMs = clock.monotonicMs();
    const measure = (attribute: string, value: unknown): void =>
      instruments.time('journalCall', clock.monotonicMs() - startedMs, {
        [ATTRIBUTES.journalOperation]: operation,
        [attribute]: String(value),
      });
    try {
      const result = await work();
      quietly(() => measure(ATTRIBUTES.journalOutcome, outcomeOf(result)));
      return result;
    } catch (error) {
      quietly(() => measure(ATTRIBUTES.errorType, toldOf(error).attributes[ATTRIBUTES.errorType]));
      throw error;
    }
  };
  const plain = <T>(operation: string, work: () => Promise<T>): Promise<T> => timed(operation, work, () => 'ok');
  const written = <T extends { readonly outcome: string }>(
    operation: string,
    entry: JournalEntry,
    note: string,
    work: () => Promise<T>,
  ): Promise<T> => {
    const attributes = {
      [ATTRIBUTES.transactionId]: maskNumbers(entry.id),
      [ATTRIBUTES.journalOperation]: operation,
      [ATTRIBUTES.journalNote]: redactText(note),
      [ATTRIBUTES.paymentStatus]: entry.state,
    };
    const step = { name: `journal ${operation}`, kind: SpanKind.CLIENT, traceId: traceIdOfEntry(entry), attributes };
    return spans.around(
      step,
      () => timed(operation, work, ({ outcome }) => outcome),
      ({ outcome }) => ({ attributes: { [ATTRIBUTES.journalOutcome]: outcome } }),
    );
  };
  return {
    insert: (entry, note, options) => written('insert', entry, note, () => journal.insert(entry, note, options)),
    replace: (entry, note, options) => written('replace', entry, note, () => journal.replace(entry, note, options)),
    read: (...asked) => plain('read', () => journal.read(...asked)),
    findByReference: (...asked) => plain('find', () => journal.findByReference(...asked)),
    claimDue: (...asked) => plain('claim', () => journal.claimDue(...asked)),
    release: (...asked) => plain('release', () => journal.release(...asked)),
    list: (...asked) => plain('list', () => journal.list(...asked)),
    history: (...asked) => plain('history', () => journal.history(...asked)),
    archive: (...asked) => plain('archive', () => journal.archive(...asked)),
    forget: (...asked) => plain('forget', () => journal.forget(...asked)),
    ...(journal.safety === undefined ? {} : { safety: journal.safety }),
  };
}
