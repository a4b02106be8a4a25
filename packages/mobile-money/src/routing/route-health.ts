import type { Clock } from '@canza/core';

/**
 * How a route is doing, from what really happened on it. What lies with a payer, a recipient or a request says nothing about
 * a route and is not counted.
 */
export interface RouteHealth {
  /** `closed`: the breaker is open, and nothing is sent until `reopensAtMs`. */
  readonly state: 'operational' | 'delayed' | 'closed';
  /** Outcomes within the window. */
  readonly samples: number;
  /** Share of them that worked, 0 to 1; left out without samples. */
  readonly successRate?: number;
  /** Mean of the operator's answers within the window. */
  readonly latencyMs?: number;
  /** Milliseconds since the last outcome; left out when there never was one. */
  readonly ageMs?: number;
  readonly reopensAtMs?: number;
}

/** From which outcomes a route is called delayed or closed. */
export interface HealthPolicy {
  /** How far back outcomes count. */
  readonly windowMs: number;
  /** Below this many outcomes a route is neither called delayed nor closed. */
  readonly fewestSamples: number;
  /** Below this share of successes a route is `delayed`. */
  readonly delayedBelow: number;
  /** Above this mean latency a route is `delayed`. */
  readonly delayedAboveMs: number;
  /** This many faults in a row close a route. */
  readonly faultsToClose: number;
  /** How long it then stays closed; doubled with each trial that fails, up to `longestCoolDownMs`. */
  readonly coolDownMs: number;
  readonly longestCoolDownMs: number;
}

/** How routes are judged unless a bridge is told otherwise. */
export const DEFAULT_HEALTH: HealthPolicy = {
  windowMs: 600_000,
  fewestSamples: 10,
  delayedBelow: 0.9,
  delayedAboveMs: 15_000,
  faultsToClose: 10,
  coolDownMs: 15_000,
  longestCoolDownMs: 300_000,
};

const BUCKETS = 10;

interface Bucket {
  epoch: number;
  worked: number;
  faulted: number;
  answered: number;
  latencySumMs: number;
}

interface Track {
  readonly buckets: readonly Bucket[];
  faultsInARow: number;
  lastAtMs: number;
  closedUntilMs: number;
  coolDownMs: number;
  /** While a trial is under way nobody else is let through. */
  trialUntilMs: number;
}

/** The health of all routes, in one process. Recording and reading cost the same however much was recorded. */
export class HealthBoard {
  readonly #clock: Clock;
  readonly #policy: HealthPolicy;
  readonly #tracks = new Map<string, Track>();

  constructor(clock: Clock, policy: HealthPolicy = DEFAULT_HEALTH) {
    this.#clock = clock;
    this.#policy = policy;
  }

  /** The operator answered as it should, whatever it said to the payer. */
  worked(routeId: string, latencyMs?: number): void {
    const track = this.#trackOf(routeId);
    const bucket = this.#bucketOf(track);
    bucket.worked += 1;
    if (latencyMs !== undefined) {
      bucket.answered += 1;
      bucket.latencySumMs += latencyMs;
    }
    this.#open(track);
    track.lastAtMs = this.#clock.monotonicMs();
  }

  /** The route itself failed: no connection, no readable answer, a refusal that lies with it. */
  faulted(routeId: string): void {
    const nowMs = this.#clock.monotonicMs();
    const track = this.#trackOf(routeId);
    this.#bucketOf(track).faulted += 1;
    track.faultsInARow += 1;
    track.lastAtMs = nowMs;
    const trialFailed = track.trialUntilMs > nowMs;
    if (!trialFailed && track.faultsInARow < this.#policy.faultsToClose) return;
    track.closedUntilMs = nowMs + track.coolDownMs;
    track.coolDownMs = Math.min(track.coolDownMs * 2, this.#policy.longestCoolDownMs);
    track.trialUntilMs = 0;
  }

  of(routeId: string): RouteHealth {
    const track = this.#tracks.get(routeId);
    if (track === undefined) return { state: 'operational', samples: 0 };
    const nowMs = this.#clock.monotonicMs();
    const { worked, faulted, answered, latencySumMs } = this.#sumOf(track, nowMs);
    const samples = worked + faulted;
    const successRate = samples === 0 ? undefined : worked / samples;
    const latencyMs = answered === 0 ? undefined : latencySumMs / answered;
    const closed = track.closedUntilMs > nowMs;
    const { fewestSamples, delayedBelow, delayedAboveMs } = this.#policy;
    const slow = (latencyMs ?? 0) > delayedAboveMs || (successRate ?? 1) < delayedBelow;
    return {
      state: closed ? 'closed' : samples >= fewestSamples && slow ? 'delayed' : 'operational',
      samples,
      ageMs: nowMs - track.lastAtMs,
      ...(successRate === undefined ? {} : { successRate }),
      ...(latencyMs === undefined ? {} : { latencyMs }),
      ...(closed ? { reopensAtMs: this.#clock.nowMs() + Math.ceil(track.closedUntilMs - nowMs) } : {}),
    };
  }

  /** The operator answered, and what it said lies with a payer, a recipient or a request: no sample, but a sign of life. */
  answered(routeId: string): void {
    const track = this.#tracks.get(routeId);
    if (track !== undefined) this.#open(track);
  }

  /** Milliseconds for which nothing may be sent: the cool-down, or a trial that is under way. 0 when the route is open. */
  closedForMs(routeId: string): number {
    const track = this.#tracks.get(routeId);
    if (track === undefined || track.closedUntilMs === 0) return 0;
    // Whole, because a due time is made of it; monotonic time has fractions.
    return Math.ceil(Math.max(0, Math.max(track.closedUntilMs, track.trialUntilMs) - this.#clock.monotonicMs()));
  }

  /**
   * Says that something is about to be sent. After a cool-down that is the trial, and the others wait for how it ends.
   * @param trialMs How long it may take before another is let through.
   */
  beginTrial(routeId: string, trialMs: number): void {
    const track = this.#tracks.get(routeId);
    if (track !== undefined && track.closedUntilMs !== 0) track.trialUntilMs = this.#clock.monotonicMs() + trialMs;
  }

  #open(track: Track): void {
    track.faultsInARow = 0;
    track.closedUntilMs = 0;
    track.trialUntilMs = 0;
    track.coolDownMs = this.#policy.coolDownMs;
  }

  #trackOf(routeId: string): Track {
    let track = this.#tracks.get(routeId);
    if (track === undefined) {
      track = {
        buckets: Array.from({ length: BUCKETS }, () => ({
          epoch: -1,
          worked: 0,
          faulted: 0,
          answered: 0,
          latencySumMs: 0,
        })),
        faultsInARow: 0,
        lastAtMs: 0,
        closedUntilMs: 0,
        coolDownMs: this.#policy.coolDownMs,
        trialUntilMs: 0,
      };
      this.#tracks.set(routeId, track);
    }
    return track;
  }

  #epoch(nowMs: number): number {
    return Math.floor((nowMs * BUCKETS) / this.#policy.windowMs);
  }

  #bucketOf(track: Track): Bucket {
    const epoch = this.#epoch(this.#clock.monotonicMs());
    const bucket = track.buckets[epoch % BUCKETS] as Bucket;
    if (bucket.epoch !== epoch) Object.assign(bucket, { epoch, worked: 0, faulted: 0, answered: 0, latencySumMs: 0 });
    return bucket;
  }

  #sumOf(track: Track, nowMs: number): Omit<Bucket, 'epoch'> {
    const oldest = this.#epoch(nowMs) - BUCKETS;
    const sum = { worked: 0, faulted: 0, answered: 0, latencySumMs: 0 };
    for (const bucket of track.buckets) {
      if (bucket.epoch <= oldest) continue;
      sum.worked += bucket.worked;
      sum.faulted += bucket.faulted;
      sum.answered += bucket.answered;
      sum.latencySumMs += bucket.latencySumMs;
    }
    return sum;
  }
}
