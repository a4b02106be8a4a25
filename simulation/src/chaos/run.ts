import { setTimeout as wait } from 'node:timers/promises';

import { Cast, type CastOptions, START_MS } from './cast.ts';
import { compareBooks } from './compare.ts';
import type { Booked, Transfer } from './emulated.ts';
import type { Evidence, Violation } from './evidence.ts';
import { compareLogs } from './logs.ts';
import { readBooks, untilAtRest } from './rest.ts';
import type { Story } from './story.ts';
import { planTroubles, type Trouble } from './troubles.ts';

export interface ChaosOptions extends CastOptions {
  /** For how long things go wrong. */
  readonly roughMs: number;
  /** Between two troubles, on average. */
  readonly troubleEveryMs: number;
  /** Whether it goes on until everybody has come, however long this machine takes for it. */
  readonly everybody: boolean;
  /** How long everything may take to come to rest. */
  readonly calmMs: number;
  /** Calls a run off: everything that it started is ended. */
  readonly signal?: AbortSignal;
}

/** What came of a run. */
export interface ChaosResult {
  readonly evidence: Evidence;
  readonly violations: readonly Violation[];
  /** How often each thing went wrong. */
  readonly troubles: Readonly<Record<Trouble['kind'], number>>;
  /** Faults that operators and nodes committed. */
  readonly faults: number;
}

/** Processes, servers and sockets that are real: things go wrong for a while, then calm, then the books are compared. */
export async function runChaos(options: ChaosOptions): Promise<ChaosResult> {
  const cast = await Cast.start(options);
  const { promise: calledOff, reject } = Promise.withResolvers<never>();
  const callOff = (): void => reject(new Error('The run was called off.'));
  options.signal?.addEventListener('abort', callOff);
  if (options.signal?.aborted === true) callOff();
  try {
    return await Promise.race([play(cast, options), calledOff]);
  } finally {
    options.signal?.removeEventListener('abort', callOff);
    await cast.end();
  }
}

async function play(cast: Cast, options: ChaosOptions): Promise<ChaosResult> {
  const troubles = await disturb(cast, options);
  const faults = await calmDown(cast);
  const stories = await cast.load.ask<Story[]>('stop', { everybody: options.everybody });
  await untilAtRest(cast.journal, options.calmMs);
  const evidence = { stories, ...(await readBooks(cast.journal)), ...(await readTheirs(cast)) };
  const defects = cast.workers.defects.map((what) => ({ id: '-', what }));
  return {
    evidence,
    violations: [...defects, ...compareBooks(evidence), ...compareLogs(options.folder, evidence)],
    troubles,
    faults,
  };
}

async function disturb(cast: Cast, options: ChaosOptions): Promise<ChaosResult['troubles']> {
  const { seed, workers, roughMs: forMs, troubleEveryMs: everyMs } = options;
  const counts = { kill: 0, pause: 0, cut: 0, journal: 0 };
  const begunMs = performance.now();
  const underWay: Promise<boolean>[] = [];
  for (const { atMs, trouble } of planTroubles({ seed, workers, lines: cast.lines.length, forMs, everyMs })) {
    await wait(Math.max(0, begunMs + atMs - performance.now()));
    const carriedOut = carryOut(cast, trouble).then((happened) => {
      if (happened) counts[trouble.kind] += 1;
      return happened;
    });
    // Told when all of them are awaited, unless the run is called off before.
    carriedOut.catch(() => undefined);
    underWay.push(carriedOut);
  }
  await wait(Math.max(0, begunMs + forMs - performance.now()));
  await Promise.all(underWay);
  return counts;
}

/** Resolves with whether it happened, when it is over. */
async function carryOut(cast: Cast, trouble: Trouble): Promise<boolean> {
  const { workers, lines } = cast;
  switch (trouble.kind) {
    case 'kill':
      return workers.kill(trouble.worker, trouble.forMs);
    case 'pause':
      return workers.pause(trouble.worker, trouble.forMs);
    case 'cut':
      lines[trouble.line]?.cut();
      return true;
    case 'journal':
      return cast.killJournal(trouble.forMs);
  }
}

async function calmDown({ emulators, workers }: Cast): Promise<number> {
  const struck = await Promise.all(
    emulators.map(async (each) => {
      await each.ask('calm');
      return each.ask<number>('struck');
    }),
  );
  await workers.allReady(START_MS);
  return struck.reduce((sum, each) => sum + each, 0);
}

async function readTheirs({ emulators }: Cast): Promise<Pick<Evidence, 'movements' | 'transfers'>> {
  const movements = await Promise.all(emulators.map((each) => each.ask<Booked[]>('movements')));
  const transfers = await Promise.all(emulators.map((each) => each.ask<Transfer[]>('transfers')));
  return { movements: movements.flat(), transfers: transfers.flat() };
}
