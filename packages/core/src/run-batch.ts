import { AbortedError } from './errors/state.ts';

export interface BatchOptions {
  /** Requests under way at the same time. */
  readonly concurrency?: number;
  /** Begins nothing new once it aborts; what is under way comes to its next stored step. */
  readonly signal?: AbortSignal;
}

/**
 * Runs requests with bounded concurrency, and yields each result as it comes. Reads the input only as fast as it can work,
 * and keeps nothing but what is under way; a batch that was broken off is simply run again.
 * @param runOne Never rejects for what may happen to one line; `index` counts from 0 in the order of the input.
 * @throws AbortedError at the end, when the signal ended it early.
 */
export async function* runBatch<Request, Line extends { readonly index: number }>(
  requests: Iterable<Request> | AsyncIterable<Request>,
  runOne: (request: Request, index: number) => Promise<Line>,
  { concurrency, signal }: BatchOptions & { readonly concurrency: number },
): AsyncGenerator<Line, void, undefined> {
  const underWay = new Map<number, Promise<Line>>();
  const next = async (): Promise<Line> => {
    const result = await Promise.race(underWay.values());
    underWay.delete(result.index);
    return result;
  };
  let index = 0;
  try {
    for await (const request of requests) {
      if (signal?.aborted === true) break;
      underWay.set(index, runOne(request, index));
      index += 1;
      if (underWay.size >= concurrency) yield await next();
    }
    while (underWay.size > 0) yield await next();
  } finally {
    await Promise.allSettled(underWay.values());
  }
  if (signal?.aborted === true) throw new AbortedError('The batch', 'maybe');
}
