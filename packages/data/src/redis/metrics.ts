/** Latencies of the recent past, in buckets that are at most a quarter wide: memory and cost do not grow with traffic. */
const BUCKETS = 128;

/** How long calls took. */
export interface LatencySummary {
  readonly count: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

export class LatencyHistogram {
  readonly #counts = new Uint32Array(BUCKETS);
  #count = 0;
  #maxMs = 0;

  record(durationMs: number): void {
    this.#count += 1;
    if (durationMs > this.#maxMs) this.#maxMs = durationMs;
    const index = bucketOf(durationMs);
    this.#counts[index] = (this.#counts[index] ?? 0) + 1;
  }

  summary(): LatencySummary {
    return {
      count: this.#count,
      p50Ms: this.#quantile(0.5),
      p95Ms: this.#quantile(0.95),
      p99Ms: this.#quantile(0.99),
      maxMs: this.#maxMs,
    };
  }

  /** The upper edge of the bucket in which the quantile lies. */
  #quantile(share: number): number {
    let remaining = Math.ceil(this.#count * share);
    if (remaining === 0) return 0;
    for (let index = 0; index < BUCKETS; index++) {
      remaining -= this.#counts[index] ?? 0;
      if (remaining <= 0) return Math.min(upperEdgeMs(index), this.#maxMs);
    }
    return this.#maxMs;
  }
}

/** Four buckets for each doubling of the duration in microseconds. */
function bucketOf(durationMs: number): number {
  const micros = Math.max(4, Math.min(0x7fff_ffff, Math.floor(durationMs * 1000)));
  const exponent = 31 - Math.clz32(micros);
  return Math.min(BUCKETS - 1, (exponent - 2) * 4 + ((micros >>> (exponent - 2)) & 3));
}

function upperEdgeMs(index: number): number {
  const exponent = Math.floor(index / 4) + 2;
  return ((4 + (index % 4) + 1) * 2 ** (exponent - 2)) / 1000;
}

/** What a connection has done since it was opened. */
export interface ConnectionMetrics {
  /** Commands sent whose reply is awaited. */
  readonly inFlight: number;
  /** Commands that wait for the connection to stand. */
  readonly waiting: number;
  readonly replies: number;
  /** Commands that Redis answered with an error. */
  readonly refusals: number;
  /** Commands given up at their deadline. */
  readonly timeouts: number;
  /** Commands lost with their connection, or called off. */
  readonly losses: number;
  readonly connections: number;
  readonly latency: LatencySummary;
}
