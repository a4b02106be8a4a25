export type { ProvidedContext } from 'vitest';

declare module 'vitest' {
  /** What the global set-up files hand to the tests that ask with `inject('redisUrl')`. */
  export interface ProvidedContext {
    /** A Redis with no data in it, or null where none could be started: skip what needs it. */
    redisUrl: string | null;
    /** A PostgreSQL database, or null where none could be started: skip what needs it. */
    postgresUrl: string | null;
  }
}
