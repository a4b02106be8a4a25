/** What rounds are measured and compared with. */

export const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;

/** Microseconds of one piece of work, over many in turn. */
export async function microsEach(count: number, work: (index: number) => unknown): Promise<number> {
  const start = performance.now();
  for (let index = 0; index < count; index += 1) await work(index);
  return ((performance.now() - start) * 1000) / count;
}

/** The median of the ratios within each round, and how far the rounds lie apart. */
export function ratioLine(what: string, slow: readonly number[], fast: readonly number[]): string {
  const ratios = slow.map((value, round) => value / (fast[round] ?? Number.NaN)).toSorted((a, b) => a - b);
  const [least = 0] = ratios;
  return `${what}: ${median(ratios).toFixed(1)} × (${least.toFixed(1)}–${(ratios.at(-1) ?? 0).toFixed(1)})`;
}
