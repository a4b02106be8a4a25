import type { DirectoryCountry } from './countries.ts';
import { OPERATOR_DATA, OPERATOR_NAMES } from './generated/operators.ts';

/**
 * An operator's name in records, routes and logs: country, then the network code of its licence (`ke-63902`), or `x` and a
 * number where it has none (`sn-x1`). It never changes and never holds a brand, because brands are sold.
 * Source: docs/decisions/0003-operator-ids.md
 */
export type OperatorId = keyof typeof OPERATOR_DATA;

/** What an operator of a country is called, or was: its wallet or its network. */
export type OperatorName<Country extends DirectoryCountry> = keyof (typeof OPERATOR_NAMES)[Country];

/** Who holds wallets, or runs a network whose numbers are met although it has no wallet that we know. */
export interface Operator {
  readonly id: OperatorId;
  readonly country: DirectoryCountry;
  /** Today's brand of the wallet; left out where we know of none. */
  readonly wallet?: string;
  /** Today's name of the network; left out for wallets without one. */
  readonly network?: string;
  /** Former brands and other names that are still met. */
  readonly otherNames: readonly string[];
  /** The codes that a phone on this network reports (E.212), as USSD gateways pass them on. */
  readonly networkCodes: readonly string[];
  /**
   * How the wallet goes with number ranges: `own`, its network's numbers; `any`, every number of the country although its
   * network has ranges; `none`, it has no network. A number is a sign of an `own` wallet, a weak one of `any`, none of `none`.
   */
  readonly ranges: 'own' | 'any' | 'none';
  /** How sure the match of wallet and network is. */
  readonly seen: 'primary' | 'secondary' | 'unconfirmed';
}

/** Every operator, by id. */
export const OPERATORS: Readonly<Record<OperatorId, Operator>> = OPERATOR_DATA;

/** Every id, country by country. */
export const OPERATOR_IDS = Object.keys(OPERATOR_DATA) as readonly OperatorId[];

const byCountry: ReadonlyMap<string, readonly Operator[]> = Map.groupBy(
  Object.values(OPERATORS),
  ({ country }) => country,
);

const byName: ReadonlyMap<string, OperatorId> = new Map(
  Object.entries(OPERATOR_NAMES).flatMap(([country, names]) =>
    Object.entries(names).map(([name, id]) => [nameKey(country, name), id]),
  ),
);

/**
 * The id behind a name, for code: `operatorId('KE', 'M-Pesa')` is `'ke-63902'`, to the compiler too, and a name that the
 * country does not have is a type error. Former brands go on working.
 */
export function operatorId<Country extends DirectoryCountry, Name extends OperatorName<Country>>(
  country: Country,
  name: Name,
): (typeof OPERATOR_NAMES)[Country][Name] {
  return OPERATOR_NAMES[country][name];
}

/** The id behind a name that a person typed or a file brought; case and spaces do not matter. */
export const findOperator = (country: string, name: string): OperatorId | undefined =>
  byName.get(nameKey(country, name));

/** Whether the directory has that operator. */
export const isOperatorId = (id: unknown): id is OperatorId =>
  typeof id === 'string' && Object.hasOwn(OPERATOR_DATA, id);

/** The operators of a country, those without a wallet included; empty for a country that is not in the directory. */
export const operatorsOf = (country: string): readonly Operator[] => byCountry.get(country) ?? [];

/** What to call an operator before a customer: its wallet's brand, or its network's name. */
export function brandOf(id: OperatorId): string {
  const { wallet, network } = OPERATORS[id];
  return wallet ?? network ?? id;
}

function nameKey(country: string, name: string): string {
  return `${country} ${name.toLowerCase().replace(/\s+/g, '')}`;
}
