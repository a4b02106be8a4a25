/** `@canza/data`: Redis behind the ports of `@canza/core`. */

export * from './redis/index.ts';
