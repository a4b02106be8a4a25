import type { Chance } from './chance.ts';

/** How much goes wrong in one run. Shares are probabilities of one event. */
export interface Knobs {
  readonly processes: number;
  readonly payments: number;
  /** Before and after each port call. */
  readonly crash: number;
  /** Of requests to the operator: lost, cut, refused, slow, HTML, and so on. */
  readonly requestFault: number;
  /** Of callbacks: late, doubled, missing, contradicting, forged, with another amount. */
  readonly callbackFault: number;
  /** Of journal calls: fails before it takes effect. */
  readonly journalFails: number;
  /** Of journal calls: takes effect, and the answer is lost. */
  readonly journalAnswerLost: number;
  /** Of journal calls: takes this long before, and as long after. */
  readonly journalSlow: number;
  /** Of port calls: the whole process stands still before it, for up to five minutes. */
  readonly stall: number;
  /** Of callers' requests: asked again with the same id, sometimes with another body. */
  readonly repeat: number;
  /** Difference of each process's wall clock, in milliseconds. */
  readonly skewMs: number;
}

export const drawKnobs = (chance: Chance): Knobs => ({
  processes: 1 + chance.index(3),
  payments: 3 + chance.index(12),
  crash: chance.knob(0.02),
  requestFault: chance.knob(0.5),
  callbackFault: chance.knob(0.6),
  journalFails: chance.knob(0.15),
  journalAnswerLost: chance.knob(0.15),
  journalSlow: chance.knob(0.2),
  stall: chance.knob(0.02),
  repeat: chance.knob(0.5),
  skewMs: chance.knob(5000),
});
