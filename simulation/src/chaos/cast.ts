import { mkdirSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { createSigner } from '@canza/blockchain/aptos';

import { Part } from './asking.ts';
import type { Emulated, EmulatorOptions } from './emulated.ts';
import type { JournalName, JournalPlace } from './journals.ts';
import { Line } from './line.ts';
import type { LoadOptions } from './load.ts';
import type { OperatorName } from './people.ts';
import { Workers } from './workers.ts';

/** How long the processes may take to start, on a machine that is busy with other things. */
export const START_MS = 150_000;
type Mutable<T> = { -readonly [Name in keyof T]: T[Name] };

/** The key of the account that settles. */
const TREASURY_KEY = '5e'.repeat(32);

/** Compositions that are wrong on purpose, so that a run shows that it can fail. */
export const MISTAKES = ['separate-journals', 'new-id-per-retry'] as const;

export interface CastOptions {
  readonly seed: number;
  readonly on: JournalName;
  readonly operators: readonly [OperatorName, ...OperatorName[]];
  readonly workers: number;
  readonly people: number;
  readonly perSecond: number;
  /** Of callers: ask for the same at two workers at the same moment. */
  readonly twiceShare: number;
  /** Of exchanges, callbacks and submissions. */
  readonly faultShare: number;
  readonly mistake: (typeof MISTAKES)[number] | undefined;
  /** Where logs go. */
  readonly folder: string;
}

/** Everybody in a run: the journal's server, operators, chain, workers and callers, each a process, and the lines between them. */
export class Cast {
  readonly emulators: readonly Part[];
  readonly server: Part;
  readonly workers: Workers;
  readonly load: Part;
  /** What can be cut: callbacks and callers to workers, workers to the journal, workers to each emulator. */
  readonly lines: readonly Line[];
  /** The journal as it is reached without a line that can be cut. */
  readonly journal: Mutable<JournalPlace>;

  #journalIsDown = false;

  private constructor(parts: Pick<Cast, 'emulators' | 'server' | 'workers' | 'load' | 'lines' | 'journal'>) {
    ({
      emulators: this.emulators,
      server: this.server,
      workers: this.workers,
      load: this.load,
      lines: this.lines,
      journal: this.journal,
    } = parts);
  }

  /** Starts everybody; when one cannot start, nobody is left running. */
  static async start(options: CastOptions): Promise<Cast> {
    const parts: Part[] = [];
    const lines: Line[] = [];
    let workers: Workers | undefined;
    try {
      mkdirSync(options.folder, { recursive: true });
      const part = (...given: ConstructorParameters<typeof Part>): Part => {
        const started = new Part(...given);
        parts.push(started);
        return started;
      };
      const line = async (target: () => number | undefined): Promise<Line> => {
        const opened = await Line.open(target);
        lines.push(opened);
        return opened;
      };
      const { seed, operators, people, folder, on } = options;
      const front = await line(() => workers?.anyPort());
      const callbackBaseUrl = `http://localhost:${front.port}/callbacks`;
      const treasury = createSigner(TREASURY_KEY).address;
      const server = part('journal', 'journal-server.ts', { on }, folder);
      const emulators = [...operators, 'aptos' as const].map((name) => {
        const { faultShare } = options;
        const own = { name, seed, people, operators, faultShare, callbackBaseUrl, treasury };
        return part(name, 'emulator.ts', own satisfies EmulatorOptions, folder);
      });
      const journal = { on, url: await server.ask<string>('start'), namespace: 'chaos' };
      const wire = await line(() => Number(new URL(journal.url).port));
      const places: Record<string, Emulated> = {};
      for (const emulator of emulators) {
        const { baseUrl, settings } = await emulator.ask<Emulated>('address');
        const { port } = await line(() => Number(new URL(baseUrl).port));
        places[emulator.name] = { baseUrl: `http://127.0.0.1:${port}`, settings };
      }
      const wired = new URL(journal.url);
      wired.port = String(wire.port);
      workers = new Workers(
        Array.from({ length: options.workers }, (_, index) => ({
          sinceMs: Date.now(),
          journal: {
            ...journal,
            url: String(wired),
            namespace: options.mistake === 'separate-journals' && index > 0 ? `chaos${index}` : 'chaos',
          },
          callbackBaseUrl,
          treasuryKey: TREASURY_KEY,
          emulators: places,
        })),
        folder,
      );
      await workers.allReady(START_MS);
      const load = part(
        'load',
        'load.ts',
        {
          seed,
          people,
          operators,
          port: front.port,
          perSecond: options.perSecond,
          twiceShare: options.twiceShare,
          newIdPerRetry: options.mistake === 'new-id-per-retry',
        } satisfies LoadOptions,
        folder,
      );
      await load.ask('count');
      return new Cast({ emulators, server, workers, load, lines, journal });
    } catch (error) {
      await endAll(workers, parts, lines);
      throw error;
    }
  }

  /** kill -9 of the journal's server, and started again: on the same data, on another port. */
  async killJournal(forMs: number): Promise<boolean> {
    if (this.#journalIsDown) return false;
    this.#journalIsDown = true;
    await this.server.ask('kill');
    await wait(forMs);
    this.journal.url = await this.server.ask<string>('start');
    this.#journalIsDown = false;
    return true;
  }

  /** Ends everybody: callers, then the app, then what it uses. */
  async end(): Promise<void> {
    await endAll(this.workers, [this.load, ...this.emulators, this.server], this.lines);
  }
}

async function endAll(workers: Workers | undefined, parts: readonly Part[], lines: readonly Line[]): Promise<void> {
  await workers?.end();
  await Promise.all(parts.map((part) => part.end()));
  await Promise.all(lines.map((line) => line.close()));
}
