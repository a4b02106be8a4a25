import { AbortedError } from './errors/state.ts';

/** How a batch is worked through. */
export interface BatchOptions {
  /** Requests under way at the same time. */
  readonly concurrency?: number;
  /** Begins nothing new once it aborts; what is under way comes to its next stored step. */
  readonly signal?: AbortSignal;
}

/**
 * Runs requests with bounded concurrency, and yields each result as it comes. Reads the input only as fast as it can work,
 * and keeps nothing but what is under way; a batch that was broken off is simply run again.
 * @param runOne Runs one line; `index` counts from 0 in the order of the input. What it throws ends the batch.
 * @throws AbortedError at the end, when the signal ended it early.
 */
export async function* runBatch<Request, Line>(
  requests: Iterable<Request> | AsyncIterable<Request>,
  runOne: (request: Request, index: number) => Promise<Line>,
  { concurrency, signal }: BatchOptions & { readonly concurrency: number },
): AsyncGenerator<Line, void, undefined> {
  const underWay = new Set<Promise<void>>();
  const ended: Promise<Line>[] = [];
  let wake: (() => void) | undefined;
  const begin = (request: Request, at: number): void => {
    const work = runOne(request, at);
    const end = (): void => {
      underWay.delete(watched);
      ended.push(work);
      wake?.();
    };
    const watched = work.then(end, end);
    underWay.add(watched);
  };
  const next = async (): Promise<Line> => {
    while (ended.length === 0) await new Promise<void>((resolve) => void (wake = resolve));
    return ended.shift() as Promise<Line>;
  };
  let index = 0;
  try {
    for await (const request of requests) {
      if (signal?.aborted === true) break;
      begin(request, index);
      index += 1;
      if (underWay.size + ended.length >= concurrency) yield await next();
    }
    while (underWay.size + ended.length > 0) yield await next();
  } finally {
    await Promise.all(underWay);
  }
  if (signal?.aborted === true) throw new AbortedError('The batch', 'maybe');
}
