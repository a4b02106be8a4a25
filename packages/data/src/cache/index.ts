/** `@canza/data/cache`: a cache in front of something slow, in this process and shared through Redis. */

export { Cache, type CacheCounts, type CacheOptions, type Loader, type LoadOptions } from './cache.ts';
export type { LocalLayerOptions } from './local-layer.ts';
