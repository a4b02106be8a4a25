/** `@canza/data`: Redis behind the ports of `@canza/core`. PostgreSQL and the rate limiter have subpaths of their own. */

export * from './memory/index.ts';
export * from './redis/index.ts';
