declare module 'vitest' {
  /** What the global set-up files hand to the tests that ask with `inject('redisUrl')`. */
  export interface ProvidedContext {
    /** A Redis with no data in it, or null where none could be started: skip what needs it. */
    redisUrl: string | null;
    /** A PostgreSQL database, or null where none could be started: skip what needs it. */
    postgresUrl: string | null;
  }
}

/**
 * A test run without the real server is a smaller test run: say so on one line, or fail where
 * CANZA_REQUIRE_REAL=1 asks for the real thing.
 */
export function goWithout(server: string, why: string): null {
  const line = `${server}: ${why}`;
  if (process.env['CANZA_REQUIRE_REAL'] === '1') throw new Error(`${line} (CANZA_REQUIRE_REAL=1 asks for a real one)`);
  process.stderr.write(`${line}; tests that need it are skipped\n`);
  return null;
}
