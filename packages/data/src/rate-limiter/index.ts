/** `@canza/data/rate-limiter`: a limit shared by processes, for the port of `@canza/core`. Loads rate-limiter-flexible. */

export { createSharedRateLimiter, type SharedRateLimiterOptions } from './shared-limiter.ts';
