import { type Clock, type Logger, withDeadline } from '@canza/core';
import type { CompiledMenu } from './compile.ts';
import type { RecentPayment } from './effects/payments.ts';
import type { Hop } from './hop.ts';
import type { LoadedData } from './loaded-data.ts';
import { mayBeDialled, supply } from './machine.ts';
import type { Callers } from './sessions/callers.ts';
import type { Answers, SessionState } from './state.ts';
import type { EndStep, ScreenStep, Step } from './steps.ts';
import { tolerate } from './tolerate.ts';
import { enter } from './turn.ts';

/** Brings what a menu's `load` names. What it throws is logged, and the payer stays where they are. */
export type Loader = (context: LoaderContext) => Promise<LoadedData>;

/** For whom something is looked up. */
export interface LoaderContext {
  /** The payer's number, E.164 with a plus. */
  readonly phoneNumber: string;
  readonly language: string;
  readonly network: string;
  readonly answers: Answers;
  /** Payments that this number started here, newest first. */
  readonly recentPayments: () => Promise<readonly RecentPayment[]>;
  /** Aborts when the time for this look-up is over. */
  readonly signal: AbortSignal;
}

export interface LookupsOptions {
  readonly compiled: CompiledMenu;
  readonly data: Readonly<Record<string, Loader>>;
  readonly callers: Callers | undefined;
  /** For one look-up. */
  readonly timeoutMs: number;
  readonly clock: Clock;
  readonly logger: Logger;
}

const MOST_LOADS = 5;

/** Brings the data that screens ask for, within its time. */
export class Lookups {
  readonly #options: LookupsOptions;

  constructor(options: LookupsOptions) {
    this.#options = options;
  }

  /** Answers screens with what was dialled behind the code, up to the first that has to be seen. */
  async walk(hop: Hop, first: Step, dialled: readonly string[]): Promise<ScreenStep | EndStep> {
    const { compiled } = this.#options;
    let at = await this.settle(hop, first);
    for (const entry of dialled) {
      if (at.kind !== 'screen' || !mayBeDialled(compiled, at.state)) break;
      // Each entry stands on the screen before.
      // oxlint-disable-next-line no-await-in-loop
      at = await this.settle(hop, enter(compiled, at.state, entry));
      if (at.state.misses > 0) break;
    }
    return at;
  }

  /** Goes on until a step needs no more data. */
  async settle(hop: Hop, taken: Step): Promise<ScreenStep | EndStep> {
    let at = taken;
    for (let loads = 0; at.kind === 'load' && loads < MOST_LOADS; loads++) {
      // A list without items leads on, perhaps to another look-up.
      // oxlint-disable-next-line no-await-in-loop
      at = supply(this.#options.compiled, at, await this.#lookUp(hop, at.load, at.state));
    }
    if (at.kind === 'load') throw new Error('The menu looks up data without end.');
    return at;
  }

  #lookUp(hop: Hop, name: string, state: SessionState): Promise<LoadedData | undefined> {
    const { data, clock, timeoutMs, callers, logger } = this.#options;
    const { phone, language, network, answers } = state;
    const recentPayments = async (): Promise<readonly RecentPayment[]> =>
      callers === undefined ? [] : (await callers.read(hop.serviceCode, hop.phone)).payments;
    const work = async (signal: AbortSignal): Promise<LoadedData> => {
      const loader = data[name];
      if (loader === undefined) throw new Error(`There is no loader for "${name}".`);
      return loader({ phoneNumber: phone, language, network, answers, recentPayments, signal });
    };
    const looked = withDeadline(clock, { timeoutMs, what: `Looking up "${name}"` }, work);
    return tolerate(logger, `the data "${name}" could not be had`, looked);
  }
}
