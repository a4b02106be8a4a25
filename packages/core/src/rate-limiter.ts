import type { CallOptions } from './environment.ts';

/** A limit on how often something may be done, as a port: in one process, or shared through Redis. */
export interface RateLimiter {
  /**
   * Resolves when one more call may be made under `key`.
   * @throws RateLimitError, with `retryAfterMs`, when the turn would not come within `maxWaitMs` (default 0: no waiting).
   */
  admit(key: string, options?: AdmitOptions): Promise<void>;
}

/** How long a caller queues for a turn. */
export interface AdmitOptions extends CallOptions {
  /** Milliseconds that the caller is willing to queue. */
  readonly maxWaitMs?: number;
}
