import { fitsDecimals, type PaymentRecord, parseMoney } from '@canza/core';

import type { RouteHealth } from '../routing/route-health.ts';
import type { Router } from '../routing/router.ts';
import type { WalletChoice } from '../routing/wallets.ts';

/** What would be done with a request, and why: nothing is stored, asked or sent. */
export interface RoutePlan {
  /** Whose wallet it is, likeliest first, with what speaks for it. */
  readonly operators: readonly {
    readonly operator: string;
    readonly confidence?: number;
    readonly why: readonly string[];
  }[];
  /** Best first. Empty never: a request without a route is refused. */
  readonly routes: readonly PlannedRoute[];
  /** Every usable route is closed: the payment would wait, with nothing sent. */
  readonly allClosed: boolean;
}

/** A way that a payment could take, and what speaks for it. */
export interface PlannedRoute {
  readonly routeId: string;
  readonly provider: string;
  readonly operator: string;
  readonly score: number;
  readonly health: RouteHealth;
  /** `false` where the amount has more decimals than the operator takes. */
  readonly takesAmount: boolean;
  /** Whether the amount lies within the bounds that the route knows of; a hint, because bounds move. */
  readonly withinBounds: boolean;
  readonly why: readonly string[];
}

/** Describes how a record would be routed. */
export function describePlan(
  record: PaymentRecord,
  { resolution, operators }: WalletChoice,
  router: Router,
): RoutePlan {
  const money = parseMoney(record.amount, record.currency);
  const routes = router.ranked(record).map(({ route, score, health, why }): PlannedRoute => {
    const { minMinor = 0n, maxMinor = money.amountMinor } = route;
    const takesAmount = fitsDecimals(money, route.decimals);
    const withinBounds = money.amountMinor >= minMinor && money.amountMinor <= maxMinor;
    return {
      routeId: route.id,
      provider: route.provider,
      operator: route.operator,
      score,
      health,
      takesAmount,
      withinBounds,
      why: [
        ...why,
        ...(takesAmount ? [] : [`takes ${route.decimals} decimals`]),
        ...(withinBounds ? [] : ['outside the bounds that were last known']),
      ],
    };
  });
  const usable = routes.filter(({ takesAmount }) => takesAmount);
  return {
    operators: operators.map((operator) => {
      const ranked = resolution?.ranked.find((each) => each.operator === operator);
      if (ranked === undefined) return { operator, why: ['named by the caller, or the only one that can be reached'] };
      const { confidence, evidence } = ranked;
      return { operator, confidence, why: evidence.map(({ kind, because }) => `${kind}: ${because}`) };
    }),
    routes,
    allClosed: usable.every(({ health }) => health.state === 'closed'),
  };
}
