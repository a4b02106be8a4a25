import {
  fitsDecimals,
  type MobileMoneyProvider,
  type Money,
  type PaymentRecord,
  type PaymentType,
  type Route,
  toOperatorAmount,
} from '@canza/core';

/** What decides which routes lead to a wallet. */
export type RouteQuestion = Pick<PaymentRecord, 'type' | 'currency' | 'country' | 'operators' | 'original'>;

/** Routes of one kind in one place. */
export interface RoutesAt {
  readonly routes: readonly Route[];
  /** Whose wallets they reach, in the order of configuration. */
  readonly operators: readonly string[];
  readonly byOperator: ReadonlyMap<string, readonly Route[]>;
}

const NOWHERE: RoutesAt = { routes: [], operators: [], byOperator: new Map() };

/** All routes of all providers, and which of them lead where. Asked several times for each payment: nothing is built then. */
export class RouteTable {
  readonly providers: readonly MobileMoneyProvider[];
  readonly #providers: ReadonlyMap<string, MobileMoneyProvider>;
  /** By currency, country and type. */
  readonly #places = new Map<string, Map<string, Map<PaymentType, RoutesAt>>>();

  constructor(providers: readonly MobileMoneyProvider[]) {
    this.providers = providers;
    this.#providers = new Map(providers.map((provider) => [provider.name, provider]));
    for (const [currency, ofCurrency] of Map.groupBy(
      providers.flatMap(({ routes }) => routes),
      (route) => route.currency,
    )) {
      const countries = new Map<string, Map<PaymentType, RoutesAt>>();
      this.#places.set(currency, countries);
      for (const [country, ofCountry] of Map.groupBy(ofCurrency, (route) => route.country)) {
        const types = Map.groupBy(ofCountry, ({ type }) => type);
        countries.set(country, new Map([...types].map(([type, routes]) => [type, routesAt(routes)])));
      }
    }
  }

  providerOf(name: string): MobileMoneyProvider | undefined {
    return this.#providers.get(name);
  }

  /** Routes of a kind in a place, to anybody's wallet. */
  at(type: PaymentType, country: string, currency: string): RoutesAt {
    return this.#places.get(currency)?.get(country)?.get(type) ?? NOWHERE;
  }

  /** Ways to the wallet: the likeliest operator's first, then in the order of configuration. A refund goes back as it came. */
  candidates({ type, country, currency, operators, original }: RouteQuestion): readonly Route[] {
    const { byOperator } = this.at(type, country, currency);
    const [first] = operators;
    const routes =
      operators.length === 1 && first !== undefined
        ? (byOperator.get(first) ?? NOWHERE.routes)
        : operators.flatMap((operator) => byOperator.get(operator) ?? NOWHERE.routes);
    return original === undefined ? routes : routes.filter(({ provider }) => provider === original.provider);
  }
}

function routesAt(routes: readonly Route[]): RoutesAt {
  const byOperator = Map.groupBy(routes, ({ operator }) => operator);
  return { routes, operators: [...byOperator.keys()], byOperator };
}

/**
 * The routes that take an amount as it is. Only decimals are checked: bounds are dated hints, and the operator is to decide.
 * @throws InvalidRequestError naming `amount`, with the nearest amounts that would be taken, where no route takes it.
 */
export function takingAmount(routes: readonly Route[], money: Money): readonly Route[] {
  const taking = routes.filter(({ decimals }) => fitsDecimals(money, decimals));
  const [first] = routes;
  if (taking.length === 0 && first !== undefined) toOperatorAmount(money, first.decimals);
  return taking;
}
