import type { Clock, Logger, MobileMoneyProvider, Random, Transport } from '@canza/core';
import type { IntegrationsConfig } from '../config.ts';
import type { Probes } from './probes.ts';

/** `warn`: it works, and somebody should know. `fail`: do not go to production like this. */
export type Verdict = 'ok' | 'warn' | 'fail';

/** What one check found, in words that hold no secret, no address with a password and no phone number. */
export interface Finding {
  /** What was looked at, such as `callbacks` or `mpesa`. */
  readonly about: string;
  readonly verdict: Verdict;
  /** What is so. */
  readonly what: string;
  /** What to do about it; there unless all is well. */
  readonly todo?: string;
}

/** An answer of an operator or a ledger, as far as it tells the time. */
export interface HeardTime {
  readonly host: string;
  /** Milliseconds since 1970; operators tell whole seconds. */
  readonly theirMs: number;
  /** Our clock's, in the middle between asking and hearing. */
  readonly ourMs: number;
}

/** What a check may look at. */
export interface Surroundings {
  readonly config: IntegrationsConfig;
  readonly providers: readonly MobileMoneyProvider[];
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly transport: Transport;
  readonly probes: Probes;
  /** What operators said of the time, to the checks before. */
  readonly heard: readonly HeardTime[];
  /** Notes what somebody said of the time. */
  readonly hear: (time: HeardTime) => void;
  /** Milliseconds that one question may take. */
  readonly timeoutMs: number;
}

/** One thing to look at before going to production. Asks, and changes nothing; moves no money. */
export interface Check {
  readonly name: string;
  /** What it throws becomes a finding that fails. */
  run(around: Surroundings): Promise<readonly Finding[]> | readonly Finding[];
}

export const ok = (about: string, what: string): Finding => ({ about, verdict: 'ok', what });
export const warn = (about: string, what: string, todo: string): Finding => ({ about, verdict: 'warn', what, todo });
export const fail = (about: string, what: string, todo: string): Finding => ({ about, verdict: 'fail', what, todo });
