import type { Chance } from './chance.ts';

/** How much goes wrong in one run, each from nothing to its maximum. Shares are probabilities of one event. */
export interface Knobs {
  readonly processes: number;
  readonly payments: number;
  /** How many operators' wallets there are. */
  readonly operators: number;
  /** Before and after each port call. */
  readonly crash: number;
  /** Of port calls: the whole process stands still before it, for up to five minutes. */
  readonly stall: number;
  /** Processes that are started as copies of another: with its name, its randomness, and none of what it has learned. */
  readonly forks: number;
  /** Difference of each process's wall clock, in milliseconds. */
  readonly skewMs: number;
  /** How far each process's wall clock jumps once, in milliseconds. */
  readonly jumpMs: number;
  /** Of requests to an operator: lost, cut, refused, slow, HTML, and so on. */
  readonly requestFault: number;
  /** Of callbacks: late, doubled, missing, contradicting, forged, with another amount. */
  readonly callbackFault: number;
  /** How long a request takes to an operator, and its answer back, at most. */
  readonly latencyMs: number;
  /** For how long after its acceptance an operator does not find a payment, in milliseconds. */
  readonly lagMs: number;
  /** Of questions to an operator: answered with another payment's answer. */
  readonly crossed: number;
  /** Of journal calls: fails before it takes effect. */
  readonly journalFails: number;
  /** Of journal calls: takes effect, and the answer is lost. */
  readonly journalAnswerLost: number;
  /** Of journal calls: takes this long before, and as long after. */
  readonly journalSlow: number;
  /** Times at which the journal is away, read-only or full for some minutes. */
  readonly outages: number;
  /** Times at which another server takes the journal over, shortly after an attempt was stored, and a second of writes is gone. */
  readonly failovers: number;
  /** Of callers' requests: asked again with the same id, sometimes with another body. */
  readonly repeat: number;
  /** Of collections that were paid: given back, in whole, in part, or too much. */
  readonly refund: number;
  /** Of payments: asked for in a batch that is broken off and run again. */
  readonly batch: number;
  /** Of statement lines: missing, doubled, different, or nobody's. */
  readonly statement: number;
  /** Settlements on a chain; with none of them there is no chain. */
  readonly settlements: number;
  /** The model ledger of core, or the Aptos emulator behind the real network. */
  readonly chain: 'model' | 'aptos';
  /** Times at which another server takes the journal over, shortly after a settlement joined a transaction, or that was stored. */
  readonly settlementFailovers: number;
  /** Of calls to a node: lost, answered to nobody, behind the others, turned away. */
  readonly nodeFault: number;
  /** People who pay from a USSD menu. */
  readonly phones: number;
  /** Of hops: doubled, late, dropped, under another session id. */
  readonly hopFault: number;
}

const rarely = (chance: Chance, share: number, most: number): number =>
  chance.happens(share) ? 1 + chance.index(most) : 0;

/** What concerns the chain comes from a stream of its own, so that it changes no other story. */
export const drawKnobs = (chance: Chance, chainChance: Chance): Knobs => ({
  processes: 1 + chance.index(3),
  payments: 3 + chance.index(10),
  operators: 1 + chance.index(2),
  crash: chance.knob(0.02),
  stall: chance.knob(0.02),
  forks: rarely(chance, 0.3, 2),
  skewMs: chance.knob(5000),
  jumpMs: chance.knob(3_600_000),
  requestFault: chance.knob(0.5),
  callbackFault: chance.knob(0.6),
  latencyMs: chance.knob(2000),
  lagMs: chance.knob(300_000),
  crossed: chance.knob(0.1),
  journalFails: chance.knob(0.15),
  journalAnswerLost: chance.knob(0.15),
  journalSlow: chance.knob(0.2),
  outages: rarely(chance, 0.2, 2),
  failovers: rarely(chance, 0.3, 3),
  repeat: chance.knob(0.5),
  refund: chance.knob(0.8),
  batch: chance.knob(0.4),
  statement: chance.knob(0.3),
  settlements: rarely(chance, 0.4, 8),
  chain: chainChance.happens(0.5) ? 'aptos' : 'model',
  settlementFailovers: rarely(chainChance, 0.3, 2),
  nodeFault: chance.knob(0.2),
  phones: rarely(chance, 0.25, 2),
  hopFault: chance.knob(0.3),
});

/** Nothing goes wrong. */
export const CALM: Knobs = {
  processes: 1,
  payments: 0,
  operators: 1,
  crash: 0,
  stall: 0,
  forks: 0,
  skewMs: 0,
  jumpMs: 0,
  requestFault: 0,
  callbackFault: 0,
  latencyMs: 0,
  lagMs: 0,
  crossed: 0,
  journalFails: 0,
  journalAnswerLost: 0,
  journalSlow: 0,
  outages: 0,
  failovers: 0,
  repeat: 0,
  refund: 0,
  batch: 0,
  statement: 0,
  settlements: 0,
  chain: 'model',
  settlementFailovers: 0,
  nodeFault: 0,
  phones: 0,
  hopFault: 0,
};
