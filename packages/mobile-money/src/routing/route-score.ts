import type { Route } from '@canza/core';

import type { RouteHealth } from './route-health.ts';

/** What the caller thinks of a route, beside how it is doing. */
export interface RouteTerms {
  /** 1 unless said otherwise; 2 makes a route twice as good, 0.5 half. */
  readonly preference?: number;
  /** What one payment costs over it, as a share of the amount: 0.01 is one percent. */
  readonly costShare?: number;
}

/** One candidate and why it stands where it stands. */
export interface RankedRoute {
  readonly route: Route;
  /** Higher is better; only the order means something. */
  readonly score: number;
  readonly health: RouteHealth;
  /** In words, for the person who asks why. */
  readonly why: readonly string[];
}

/** An answer that takes this long halves the score. */
const HALVING_LATENCY_MS = 20_000;

/** So many successes are credited to every route, so that a few samples say little. */
const CREDIT = 5;

/** What of its score a route that is closed keeps: it is asked last, and never struck off. */
const CLOSED_SHARE = 0.01;

export function scoreOf(health: RouteHealth, terms: RouteTerms = {}): number {
  const { samples, successRate = 1, latencyMs = 0, state } = health;
  const success = (successRate * samples + CREDIT) / (samples + CREDIT);
  const speed = HALVING_LATENCY_MS / (HALVING_LATENCY_MS + latencyMs);
  const score = success * success * speed * (terms.preference ?? 1) * (1 - (terms.costShare ?? 0));
  return state === 'closed' ? score * CLOSED_SHARE : score;
}

export interface RankingInput {
  /** In the order in which they were configured, which decides between equals. */
  readonly routes: readonly Route[];
  readonly healthOf: (routeId: string) => RouteHealth;
  /** By route id, or by provider. */
  readonly terms: Readonly<Record<string, RouteTerms>>;
  /** Share of payments that try another open route than the best one, so that it is known how it is doing. */
  readonly explorationShare: number;
  /** Uniform in [0, 1): below `explorationShare`, this payment explores. */
  readonly draw: number;
}

/** Orders the ways to one wallet, best first. When all are closed the order stays, and each says that it is closed. */
export function rankRoutes({ routes, healthOf, terms, explorationShare, draw }: RankingInput): readonly RankedRoute[] {
  const ranked = routes
    .map((route) => {
      const health = healthOf(route.id);
      const own = terms[route.id] ?? terms[route.provider];
      return { route, health, score: scoreOf(health, own), why: whyOf(health, own) };
    })
    .sort((left, right) => right.score - left.score);
  if (draw >= explorationShare || ranked.length < 2) return ranked;
  const others = ranked.filter(({ health }, index) => index > 0 && health.state !== 'closed');
  const explored = others[Math.floor((draw / explorationShare) * others.length)];
  if (explored === undefined) return ranked;
  const first = { ...explored, why: [...explored.why, 'tried now and then, so that it is known how it is doing'] };
  return [first, ...ranked.filter((each) => each !== explored)];
}

function whyOf({ state, samples, successRate, latencyMs }: RouteHealth, terms: RouteTerms | undefined): string[] {
  const why = [samples === 0 ? 'nothing is known of it yet' : `${state}: ${samples} outcomes in the window`];
  if (successRate !== undefined) why.push(`${Math.round(successRate * 100)} % of them worked`);
  if (latencyMs !== undefined) why.push(`answers in ${Math.round(latencyMs)} ms`);
  if (state === 'closed') why.push('closed for now: nothing is sent over it');
  if (terms?.preference !== undefined) why.push(`preference ${terms.preference}`);
  if (terms?.costShare !== undefined) why.push(`costs ${(terms.costShare * 100).toFixed(2)} %`);
  return why;
}
