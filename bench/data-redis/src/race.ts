/** One way to do a thing, many times over. */
export interface Contestant {
  readonly name: string;
  run(index: number): Promise<unknown>;
}

export interface Result {
  /** Calls a second: the median of the rounds. */
  readonly rate: number;
  /** Ratio to the first contestant of the same round: the middle one, and between which ones half of all rounds lie. */
  readonly ratios: readonly [lowerQuartile: number, median: number, upperQuartile: number];
}

const ROUNDS = 31;

/**
 * Runs all of them round about, so that what disturbs the machine disturbs all alike; the ratio is taken within each round, to
 * the first of them.
 */
export async function race(
  contestants: readonly Contestant[],
  { concurrency, calls }: { readonly concurrency: number; readonly calls: number },
): Promise<ReadonlyMap<string, Result>> {
  const rates = new Map<string, number[]>(contestants.map(({ name }) => [name, []]));
  for (let round = -2; round < ROUNDS; round++) {
    // Every other round backwards, so that nobody always follows the same one.
    const order = round % 2 === 0 ? contestants : contestants.toReversed();
    for (const contestant of order) {
      // oxlint-disable-next-line no-await-in-loop
      const rate = await rateOf(contestant, concurrency, calls);
      // The first rounds warm up.
      if (round >= 0) rates.get(contestant.name)?.push(rate);
    }
  }
  const first = rates.get(contestants[0]?.name ?? '') ?? [];
  return new Map(
    [...rates].map(([name, all]) => {
      const ratios = all.map((rate, round) => rate / (first[round] ?? 1)).toSorted((left, right) => left - right);
      return [name, { rate: median(all), ratios: [quantile(ratios, 0.25), median(ratios), quantile(ratios, 0.75)] }];
    }),
  );
}

async function rateOf(contestant: Contestant, concurrency: number, calls: number): Promise<number> {
  let begun = 0;
  const startedMs = performance.now();
  const lane = async (): Promise<void> => {
    // oxlint-disable-next-line no-await-in-loop
    while (begun < calls) await contestant.run(begun++);
  };
  await Promise.all(Array.from({ length: concurrency }, lane));
  return (calls / (performance.now() - startedMs)) * 1_000;
}

const quantile = (values: readonly number[], share: number): number =>
  values.toSorted((left, right) => left - right)[Math.floor(values.length * share)] ?? 0;

export const median = (values: readonly number[]): number => quantile(values, 0.5);

export function report(title: string, results: ReadonlyMap<string, Result>): void {
  console.log(`\n${title}`);
  for (const [name, { rate, ratios }] of results) {
    const [lower, middle, upper] = ratios.map((ratio) => ratio.toFixed(2));
    console.log(`  ${name.padEnd(44)} ${String(Math.round(rate)).padStart(9)}/s  ${middle} × (${lower} to ${upper})`);
  }
}
