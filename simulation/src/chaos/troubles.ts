import { Chance } from '../chance.ts';

/** Something that happens to the processes of a run. */
export type Trouble =
  /** kill -9, and started again `forMs` later. */
  | { readonly kind: 'kill'; readonly worker: number; readonly forMs: number }
  /** Stopped for longer than its lease, and let go on where it was. */
  | { readonly kind: 'pause'; readonly worker: number; readonly forMs: number }
  /** Every connection of one line breaks. */
  | { readonly kind: 'cut'; readonly line: number }
  /** kill -9 of the journal's server, and started again `forMs` later. */
  | { readonly kind: 'journal'; readonly forMs: number };

export interface Planned {
  /** From the beginning, in milliseconds. */
  readonly atMs: number;
  readonly trouble: Trouble;
}

export interface TroublesOptions {
  readonly seed: number;
  readonly workers: number;
  readonly lines: number;
  readonly forMs: number;
  /** Between two troubles, on average. */
  readonly everyMs: number;
}

/** What will go wrong in a run, and when, by its seed. */
export function planTroubles({ seed, workers, lines, forMs, everyMs }: TroublesOptions): readonly Planned[] {
  const chance = new Chance(seed);
  const planned: Planned[] = [];
  for (let atMs = everyMs; atMs < forMs; atMs += chance.between(0.3, 1.7) * everyMs) {
    planned.push({ atMs, trouble: draw() });
  }
  return planned;

  function draw(): Trouble {
    const worker = chance.index(workers);
    const kind = chance.pick(['kill', 'kill', 'kill', 'pause', 'cut', 'journal'] as const);
    if (kind === 'cut') return { kind, line: chance.index(lines) };
    if (kind === 'pause') return { kind, worker, forMs: chance.between(2500, 4500) };
    if (kind === 'journal') return { kind, forMs: chance.between(100, 2000) };
    return { kind, worker, forMs: chance.between(100, 5000) };
  }
}
