import type { CallOptions } from './environment.ts';

/**
 * Whether what a journal acknowledged is still there. A server that fails over to a copy which lags behind forgets writes
 * that were acknowledged; a payment that it forgot would be sent again. So from then on, until somebody has compared the
 * journal with the operators' books, nothing may be sent to an operator that would not notice a second send.
 */
export interface JournalSafety {
  readonly state: SafetyState;
  /** Calls back at each change, until the returned function is called. */
  onChange(listener: (state: SafetyState) => void): () => void;
  /**
   * Declares that the journal was compared with the operators' books: sends may go on, in every process.
   * @param note Who compared, and what was found; kept with the journal.
   * @throws JournalError when it could not be written down; the journal stays suspect then.
   */
  reconciled(note: string, options?: CallOptions): Promise<void>;
}

/** Whether what was acknowledged is believed to be there still. */
export type SafetyState =
  | { readonly verdict: 'sound' }
  | {
      readonly verdict: 'suspect';
      readonly sinceMs: number;
      /** One sentence: what gave rise to the doubt. */
      readonly why: string;
      /** What this process was told is written and is not there. Others, and processes that died, may have lost more. */
      readonly lost: readonly LostWrite[];
    };

/** A write that was acknowledged and is not there any more. */
export interface LostWrite {
  readonly kind: string;
  readonly id: string;
  /** The version that was acknowledged. */
  readonly version: number;
}

const SOUND: SafetyState = { verdict: 'sound' };

/** The state of a journal's safety, and who wants to know of it. */
export class SafetyWatch {
  readonly #listeners = new Set<(state: SafetyState) => void>();
  #state: SafetyState = SOUND;

  get state(): SafetyState {
    return this.#state;
  }

  onChange(listener: (state: SafetyState) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Turns suspect; what was lost is added to what is known to be lost. */
  suspect(sinceMs: number, why: string, lost: readonly LostWrite[]): void {
    const before = this.#state;
    this.#become(
      before.verdict === 'suspect'
        ? { ...before, lost: [...before.lost, ...lost] }
        : { verdict: 'suspect', sinceMs, why, lost },
    );
  }

  sound(): void {
    if (this.#state.verdict !== 'sound') this.#become(SOUND);
  }

  #become(state: SafetyState): void {
    this.#state = state;
    for (const listener of this.#listeners) {
      try {
        listener(state);
      } catch (error) {
        // Everybody has to hear of it, and the write that found it out has to come to its end.
        process.emitWarning(
          `A listener to the journal's safety threw ${error instanceof Error ? error.name : typeof error}.`,
        );
      }
    }
  }
}
