import type { Country } from './countries.ts';
import type { RangeHolder } from './ranges.ts';

/** What speaks for one operator, and how strongly. */
export interface OperatorEvidence {
  readonly kind: 'hint' | 'network-code' | 'past-success' | 'account' | 'prefix';
  /** The chance that it is right, were it all that is known: 0 to 1. */
  readonly weight: number;
  /** In words, for a plan or a log; holds no number. */
  readonly because: string;
}

/**
 * Weights of evidence that is fresh and alone. Orders of trust rather than measurements: a SIM that is on the network now beats
 * a customer's choice, which can be a slip, and that beats the memory of a number that may have moved or been given away.
 */
const WEIGHT = { networkCode: 0.97, pastSuccess: 0.96, hint: 0.95, account: 0.93 } as const;

/**
 * How far a prefix can be trusted. Where numbers move, one prediction in seventeen was found wrong (Benin) by those who predict
 * with better data than a prefix.
 */
const PREFIX_WEIGHT = { no: 0.9, rare: 0.9, building: 0.85, yes: 0.7 } as const satisfies Record<
  Country['ports'],
  number
>;

/** What is left of evidence about the network where people hold their money elsewhere. */
const NETWORK_SHARE = { few: 1, some: 0.95, many: 0.6 } as const satisfies Record<Country['elsewhere'], number>;

/** What a year without a change upstream takes from a prefix, and how much is left at least. */
const LOST_A_YEAR = 0.02;
const LEAST_LEFT = 0.8;

const DAY_MS = 86_400_000;
const YEAR_MS = 365.25 * DAY_MS;

export const hintEvidence: OperatorEvidence = { kind: 'hint', weight: WEIGHT.hint, because: 'the caller named it' };

export const accountEvidence: OperatorEvidence = {
  kind: 'account',
  weight: WEIGHT.account,
  because: 'the operator knows an active wallet under this number',
};

export const networkCodeEvidence = (country: Country): OperatorEvidence => ({
  kind: 'network-code',
  weight: WEIGHT.networkCode * NETWORK_SHARE[country.elsewhere],
  because:
    country.elsewhere === 'many'
      ? 'the phone is on its network now, but many here keep their wallet elsewhere'
      : 'the phone is on its network now',
});

/** Fades in a straight line to half its weight at the end of `rememberForMs`, and is nothing after that. */
export function pastSuccessEvidence(ageMs: number, rememberForMs: number): OperatorEvidence | undefined {
  const age = Math.max(0, ageMs);
  if (age >= rememberForMs) return undefined;
  const days = Math.floor(age / DAY_MS);
  return {
    kind: 'past-success',
    weight: WEIGHT.pastSuccess * (1 - age / rememberForMs / 2),
    because: `a payment succeeded there ${days === 0 ? 'today' : days === 1 ? 'yesterday' : `${days} days ago`}`,
  };
}

export function prefixEvidence({ prefix }: RangeHolder, country: Country, nowMs: number): OperatorEvidence {
  const { callingCode, rangesChanged = '', ports, elsewhere } = country;
  const years = Math.max(0, nowMs - Date.parse(rangesChanged)) / YEAR_MS;
  const fresh = Math.max(LEAST_LEFT, 1 - years * LOST_A_YEAR);
  const moves = ports === 'yes' ? ', and numbers move here' : '';
  const others = elsewhere === 'many' ? ', and many here keep their wallet elsewhere' : '';
  return {
    kind: 'prefix',
    weight: PREFIX_WEIGHT[ports] * NETWORK_SHARE[elsewhere] * fresh,
    because: `numbers in ${prefix.slice(callingCode.length)} were first assigned to it (list of ${rangesChanged})${moves}${others}`,
  };
}
