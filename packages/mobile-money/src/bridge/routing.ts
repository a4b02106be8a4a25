import {
  InvalidRequestError,
  type MobileMoneyProvider,
  type Money,
  PaymentError,
  type PaymentRecord,
  type Route,
  toOperatorAmount,
} from '@canza/core';

/** What decides which routes lead to a wallet. */
export type RouteQuestion = Pick<PaymentRecord, 'type' | 'currency' | 'country' | 'operator'>;

/** All routes of all providers. */
export class RouteTable {
  readonly #providers: ReadonlyMap<string, MobileMoneyProvider>;
  readonly #routes: readonly Route[];

  constructor(providers: readonly MobileMoneyProvider[]) {
    this.#providers = new Map(providers.map((provider) => [provider.name, provider]));
    this.#routes = providers.flatMap(({ routes }) => routes);
  }

  providerOf(name: string): MobileMoneyProvider | undefined {
    return this.#providers.get(name);
  }

  /** Ways to the same wallet, in the order in which the providers were configured. */
  candidates({ type, currency, country, operator }: RouteQuestion): readonly Route[] {
    return this.#routes.filter(
      (route) =>
        route.type === type &&
        route.currency === currency &&
        route.country === country &&
        (operator === undefined || route.operator === operator),
    );
  }

  /**
   * The candidates that take such an amount.
   * @throws InvalidRequestError when there is no way to that wallet, or none that takes so many decimals.
   */
  accepting(question: RouteQuestion, money: Money): readonly Route[] {
    const candidates = this.candidates(question);
    if (candidates.length === 0) {
      const { type, currency, country } = question;
      throw new InvalidRequestError({
        field: question.operator === undefined ? 'phoneNumber' : 'operator',
        expected: `a wallet that a configured provider reaches: there is no ${type} route in ${country} for ${currency}`,
      });
    }
    const refusals: PaymentError[] = [];
    const accepting = candidates.filter(({ decimals }) => {
      try {
        toOperatorAmount(money, decimals);
        return true;
      } catch (error) {
        if (!PaymentError.isInstance(error)) throw error;
        refusals.push(error);
        return false;
      }
    });
    const [refusal] = refusals;
    if (accepting.length === 0 && refusal !== undefined) throw refusal;
    return accepting;
  }
}
