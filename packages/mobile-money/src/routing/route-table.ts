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

/** All routes of all providers, and which of them lead where. */
export class RouteTable {
  readonly providers: readonly MobileMoneyProvider[];
  readonly #providers: ReadonlyMap<string, MobileMoneyProvider>;
  readonly #byPlace: ReadonlyMap<string, readonly Route[]>;
  readonly #byWallet = new Map<string, readonly Route[]>();

  constructor(providers: readonly MobileMoneyProvider[]) {
    this.providers = providers;
    this.#providers = new Map(providers.map((provider) => [provider.name, provider]));
    this.#byPlace = Map.groupBy(
      providers.flatMap(({ routes }) => routes),
      ({ type, country, currency }) => placeOf(type, country, currency),
    );
  }

  providerOf(name: string): MobileMoneyProvider | undefined {
    return this.#providers.get(name);
  }

  /** Routes of a kind in a place, to anybody's wallet. */
  at(type: PaymentType, country: string, currency: string): readonly Route[] {
    return this.#byPlace.get(placeOf(type, country, currency)) ?? [];
  }

  /** Ways to the wallet: the likeliest operator's first, then in the order of configuration. A refund goes back as it came. */
  candidates({ type, country, currency, operators, original }: RouteQuestion): readonly Route[] {
    const [first] = operators;
    const routes =
      operators.length === 1 && first !== undefined
        ? this.#toWallet(type, country, currency, first)
        : operators.flatMap((operator) => this.#toWallet(type, country, currency, operator));
    return original === undefined ? routes : routes.filter(({ provider }) => provider === original.provider);
  }

  #toWallet(type: PaymentType, country: string, currency: string, operator: string): readonly Route[] {
    const place = `${placeOf(type, country, currency)} ${operator}`;
    let routes = this.#byWallet.get(place);
    if (routes === undefined) {
      routes = this.at(type, country, currency).filter((route) => route.operator === operator);
      // Only wallets that a route reaches are kept, so the map cannot grow with what callers say.
      if (routes.length > 0) this.#byWallet.set(place, routes);
    }
    return routes;
  }
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

const placeOf = (type: PaymentType, country: string, currency: string): string => `${type} ${country} ${currency}`;
