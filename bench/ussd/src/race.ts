import { execFileSync } from 'node:child_process';
import { type Answer, bareScreen, type Contestant, type Script, writeScripts } from './contestant.ts';

export interface HeatOptions {
  readonly people: number;
  readonly rounds: number;
  /** Hops under way at once. */
  readonly concurrency: number;
}

/** What a hop costs. */
export interface Cost {
  /** Microseconds of processor time, collecting garbage included: what stays the same on a busy machine. */
  readonly cpu: number;
  /** Microseconds from the first hop to the last, by hops. */
  readonly wall: number;
}

/** Lets one contestant answer a crowd, hop by hop and person by person in turn, round after round. */
export async function runHeat(contestant: Contestant, { people, rounds, concurrency }: HeatOptions): Promise<Cost> {
  const costs: Cost[] = [];
  for (let round = 0; round < rounds; round++) {
    const scripts = writeScripts(people, round);
    const cost = await runRound(contestant, scripts, concurrency);
    // The first rounds warm up.
    if (round >= rounds / 4) costs.push(cost);
  }
  return { cpu: median(costs.map(({ cpu }) => cpu)), wall: median(costs.map(({ wall }) => wall)) };
}

async function runRound(contestant: Contestant, scripts: readonly Script[], concurrency: number): Promise<Cost> {
  const hops = scripts[0]?.requests.length ?? 0;
  const answers: Answer[][] = scripts.map(() => []);
  const start = process.hrtime.bigint();
  const startCpu = process.cpuUsage();
  for (let hop = 0; hop < hops; hop++) {
    if (concurrency === 1) {
      for (const [index, script] of scripts.entries()) {
        answers[index]?.push(await contestant.answer(script.requests[hop] as Script['requests'][number]));
      }
      continue;
    }
    let next = 0;
    const worker = async (): Promise<void> => {
      while (next < scripts.length) {
        const index = next++;
        const request = scripts[index]?.requests[hop] as Script['requests'][number];
        answers[index]?.push(await contestant.answer(request));
      }
    };
    await Promise.all(Array.from({ length: concurrency }, worker));
  }
  const { user, system } = process.cpuUsage(startCpu);
  const wall = Number(process.hrtime.bigint() - start) / 1_000;
  const answered = scripts.length * hops;
  check(contestant, scripts, answers);
  return { cpu: (user + system) / answered, wall: wall / answered };
}

/** A wrong answer is worth no time at all. */
function check({ name }: Contestant, scripts: readonly Script[], answers: readonly Answer[][]): void {
  for (const [index, { screens }] of scripts.entries()) {
    for (const [hop, screen] of screens.entries()) {
      const answer = bareScreen(answers[index]?.[hop] ?? '');
      if (answer !== screen)
        throw new Error(`${name} answered ${JSON.stringify(answer)} for ${JSON.stringify(screen)}`);
    }
  }
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

/**
 * Races programs that print their cost: each heat in a process of its own, so that one's garbage is not another's, and the
 * contestants in turn, so that a slow moment of the machine meets all of them.
 */
export function race(
  program: string,
  names: readonly string[],
  heats: number,
  ...more: readonly string[]
): ReadonlyMap<string, Cost> {
  const costs = new Map<string, Cost[]>(names.map((name) => [name, []]));
  for (let heat = 0; heat < heats; heat++) {
    for (const name of names) {
      const printed = execFileSync(process.execPath, [program, name, ...more], { encoding: 'utf8' });
      costs.get(name)?.push(JSON.parse(printed) as Cost);
    }
  }
  return new Map(
    [...costs].map(([name, heard]) => [
      name,
      { cpu: median(heard.map(({ cpu }) => cpu)), wall: median(heard.map(({ wall }) => wall)) },
    ]),
  );
}

/** Prints the costs and how many times cheaper than the cheapest of `bases` each is. */
export function report(title: string, costs: ReadonlyMap<string, Cost>, bases: readonly string[]): void {
  const best = (kind: keyof Cost): number => Math.min(...bases.map((name) => costs.get(name)?.[kind] ?? Number.NaN));
  console.log(`\n${title}: ratios to the faster of ${bases.join(', ')}; more is faster`);
  for (const [name, { cpu, wall }] of costs) {
    const shown = [
      name.padEnd(36),
      `${cpu.toFixed(2).padStart(7)} µs cpu a hop ${(best('cpu') / cpu).toFixed(2).padStart(6)} ×`,
      `${wall.toFixed(2).padStart(7)} µs wall ${(best('wall') / wall).toFixed(2).padStart(6)} ×`,
    ];
    console.log(`  ${shown.join('   ')}`);
  }
}
