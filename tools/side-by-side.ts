import { availableParallelism } from 'node:os';

/** Does something with each item, as many at a time as there are processors. */
export async function sideBySide<T>(items: readonly T[], work: (item: T) => Promise<unknown>): Promise<void> {
  const left = items.values();
  await Promise.all(
    Array.from({ length: availableParallelism() }, async () => {
      // oxlint-disable-next-line no-await-in-loop -- one after the other on each processor
      for (const item of left) await work(item);
    }),
  );
}
