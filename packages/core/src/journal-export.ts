import type { CallOptions } from './environment.ts';
import type { Journal, ListRequest } from './journal.ts';

/** Which entries are exported. */
export interface ExportRequest extends CallOptions, Omit<ListRequest, 'limit'> {
  /** Entries read at a time. Default 100. */
  readonly limit?: number;
}

/**
 * Writes entries out as JSON lines, `{"entry":…,"history":[…]}`, each with its line end, in the order of `list`.
 * Entries that are written meanwhile appear as they were when their page was read. The lines hold records as the journal has
 * them, with whole phone numbers: keep the file as the journal is kept.
 * @throws JournalError as the journal does; what was yielded before is whole, and the cursor of a `list` takes up from there.
 */
export async function* exportJournal(
  journal: Journal,
  request: ExportRequest,
): AsyncGenerator<string, void, undefined> {
  const { timeoutMs, signal, ...wanted } = request;
  const options: CallOptions = {
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    ...(signal === undefined ? {} : { signal }),
  };
  let { cursor } = request;
  do {
    const page = await journal.list(
      { ...wanted, limit: request.limit ?? 100, ...(cursor === undefined ? {} : { cursor }) },
      options,
    );
    const histories = await Promise.all(page.entries.map(({ kind, id }) => journal.history(kind, id, options)));
    for (const [index, entry] of page.entries.entries()) {
      yield `${JSON.stringify({ entry, history: histories[index] })}\n`;
    }
    cursor = page.cursor;
  } while (cursor !== undefined);
}
