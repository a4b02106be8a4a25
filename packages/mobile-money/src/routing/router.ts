import {
  type CallOptions,
  type Clock,
  type FailureReason,
  type Finding,
  InvalidRequestError,
  type JournalSafety,
  liesWith,
  type MobileMoneyProvider,
  type Money,
  OPERATION_OF,
  type Operation,
  PaymentError,
  type PaymentRecord,
  type Random,
  type RateLimiter,
  type Route,
} from '@canza/core';

import { DEFAULT_HEALTH, HealthBoard, type HealthPolicy, type RouteHealth } from './route-health.ts';
import { type RankedRoute, type RouteTerms, rankRoutes } from './route-score.ts';
import { type RouteQuestion, RouteTable, takingAmount } from './route-table.ts';
import { chooseWallets, isPlain, type WalletChoice, type WalletEvidence } from './wallets.ts';

/** How routes are chosen. */
export interface RoutingPolicy {
  readonly health: HealthPolicy;
  /** What you think of routes, by route id or provider name. */
  readonly terms: Readonly<Record<string, RouteTerms>>;
  /** Share of payments that try another open route than the best one; 0 switches it off. */
  readonly explorationShare: number;
  /** How long a send may queue for its turn under a rate limit before it is put off. */
  readonly longestQueueMs: number;
}

/** How routes are chosen unless a bridge is told otherwise. */
export const DEFAULT_ROUTING: RoutingPolicy = {
  health: DEFAULT_HEALTH,
  terms: {},
  explorationShare: 0.02,
  longestQueueMs: 2000,
};

export interface RouterSettings {
  readonly providers: readonly MobileMoneyProvider[];
  readonly policy: RoutingPolicy;
  readonly clock: Clock;
  readonly random: Random;
  /** Limits by provider name, because that is a credential. */
  readonly rateLimiter?: RateLimiter | undefined;
  readonly safety?: JournalSafety | undefined;
}

/** How one route is doing, for people and dashboards. */
export interface RouteReport extends RouteHealth {
  readonly routeId: string;
  readonly provider: string;
  readonly country: string;
  readonly operation: Operation;
}

/** Why nothing could be sent just now, and when it is worth trying again. */
export interface PutOff {
  readonly retryAfterMs: number;
  readonly why: string;
}

/** A closed door is knocked at again after this, when nothing better is known. */
const RETRY_AFTER_MS = 5000;

/** A trial over a route that was closed may take this long. */
const TRIAL_MS = 60_000;

/** What a provider throws without having asked the operator: it says nothing about a route. */
const NOT_ASKED: ReadonlySet<string> = new Set(['INVALID_REQUEST', 'UNSUPPORTED', 'ROUTE_CLOSED']);

/** Chooses among routes, and learns from what becomes of what was sent over them. */
export class Router {
  readonly table: RouteTable;
  readonly #settings: RouterSettings;
  readonly #health: HealthBoard;
  #wasSound = false;

  constructor(settings: RouterSettings) {
    this.#settings = settings;
    this.table = new RouteTable(settings.providers);
    this.#health = new HealthBoard(settings.clock, settings.policy.health);
  }

  /**
   * Whose wallet it is.
   * @throws InvalidRequestError naming `phoneNumber`, `operator`, `currency` or `amount`, when there is no way to that wallet.
   */
  walletsOf(
    request: Pick<PaymentRecord, 'type' | 'country' | 'currency' | 'msisdn'>,
    money: Money,
    hint?: string,
    known?: WalletEvidence,
  ): WalletChoice {
    const { type, country, currency, msisdn } = request;
    const reached = this.#reached(request);
    if (reached.length === 0) {
      throw new InvalidRequestError({
        field: 'phoneNumber',
        expected: `a wallet that a configured provider reaches: there is no ${type} route in ${country} for ${currency}`,
      });
    }
    const nowMs = this.#settings.clock.nowMs();
    const choice = chooseWallets({ type, msisdn, country, operator: hint, reached, nowMs, known });
    takingAmount(this.table.candidates({ type, country, currency, operators: choice.operators }), money);
    return choice;
  }

  /** Whether what is remembered of a number can make a difference to whose wallet it is. */
  memoryCounts(request: Pick<PaymentRecord, 'type' | 'country' | 'currency' | 'msisdn'>): boolean {
    return !isPlain(request.msisdn, this.#reached(request));
  }

  #reached({ type, country, currency }: Pick<PaymentRecord, 'type' | 'country' | 'currency'>): readonly string[] {
    return this.table.at(type, country, currency).operators;
  }

  /** Every way to a wallet, best first within each operator, with score and reasons. */
  ranked(question: RouteQuestion, explore = false): readonly RankedRoute[] {
    const routes = this.table.candidates(question);
    const draw = explore && routes.length > 1 ? this.#settings.random.float() : 1;
    const { terms, explorationShare } = this.#settings.policy;
    const healthOf = (routeId: string): RouteHealth => this.#health.of(routeId);
    const rank = (some: readonly Route[]) => rankRoutes({ routes: some, healthOf, terms, explorationShare, draw });
    if (question.operators.length === 1) return rank(routes);
    return question.operators.flatMap((operator) => rank(routes.filter((route) => route.operator === operator)));
  }

  /** The first of these routes over which something may be sent now; or when to try again. Asks nobody and sends nothing. */
  async admit(routes: readonly Route[], options?: CallOptions): Promise<Route | PutOff> {
    let putOff: PutOff | undefined;
    for (const route of routes) {
      const refusal = this.#closed(route) ?? (await this.#limited(route, options));
      if (refusal === undefined) {
        this.#health.beginTrial(route.id, TRIAL_MS);
        return route;
      }
      if (putOff === undefined || refusal.retryAfterMs < putOff.retryAfterMs) putOff = refusal;
    }
    return putOff ?? { retryAfterMs: RETRY_AFTER_MS, why: 'There is no route to try.' };
  }

  /** Takes note of what a send or a query over a route came to. */
  learn(route: Route, outcome: { readonly finding: Finding } | { readonly error: unknown }, latencyMs: number): void {
    if ('finding' in outcome) {
      const { finding } = outcome;
      if (finding.status === 'failed') this.#learnReason(route, finding.reason);
      else if (finding.status !== 'unaskable') this.#health.worked(route.id, latencyMs);
      return;
    }
    const error = PaymentError.isInstance(outcome.error) ? outcome.error : undefined;
    if (error === undefined || NOT_ASKED.has(error.code)) return;
    if ('reason' in error) this.#learnReason(route, (error as { reason: FailureReason }).reason);
    else if (error.code === 'DUPLICATE_REFERENCE') this.#health.answered(route.id);
    else this.#health.faulted(route.id);
  }

  /** Every route, as it is doing. */
  report(): readonly RouteReport[] {
    return this.table.providers.flatMap(({ routes }) =>
      routes.map(({ id, provider, country, type }) => ({
        routeId: id,
        provider,
        country,
        operation: OPERATION_OF[type],
        ...this.#health.of(id),
      })),
    );
  }

  /** Whether the journal may have lost what it had acknowledged, and nobody has compared it with the books since. */
  get mayHaveForgotten(): boolean {
    return this.#settings.safety?.state.verdict === 'suspect';
  }

  /** Takes note of whether the journal is sound, which it tells once it was reached. */
  noteSafety(): void {
    this.#wasSound ||= !this.mayHaveForgotten;
  }

  /**
   * Whether a send could be the second one, while the journal may have forgotten the first. It could not where there is but one way to
   * the wallet, over which the operator takes a reference once: over another way nobody would notice. A process that has known the journal
   * as nothing but suspect holds everything back, because it may have been started with other ways than the ones of that time.
   * @param ways All that the payment could have gone.
   */
  isHeldBack(ways: readonly Route[]): boolean {
    if (!this.mayHaveForgotten) return false;
    if (!this.#wasSound) return true;
    return ways.length !== 1 || ways[0]?.deduplicates !== true;
  }

  #learnReason(route: Route, reason: FailureReason): void {
    if (liesWith(reason) === 'route') this.#health.faulted(route.id);
    else this.#health.answered(route.id);
  }

  #closed(route: Route): PutOff | undefined {
    const refusal = (why: string, retryAfterMs: number): PutOff => ({
      why: `Route ${route.id} is closed: ${why}.`,
      retryAfterMs,
    });
    const closedForMs = this.#health.closedForMs(route.id);
    return closedForMs > 0 ? refusal('it failed too often in a row', closedForMs) : undefined;
  }

  /** Waits for its turn under the rate limit, or says when to try again. */
  async #limited({ provider }: Route, options: CallOptions | undefined): Promise<PutOff | undefined> {
    const { rateLimiter, policy } = this.#settings;
    try {
      await rateLimiter?.admit(provider, { ...options, maxWaitMs: policy.longestQueueMs });
      return undefined;
    } catch (error) {
      if (!PaymentError.isInstance(error) || error.code !== 'RATE_LIMITED') throw error;
      return { retryAfterMs: error.retryAfterMs ?? RETRY_AFTER_MS, why: error.message };
    }
  }
}
