/**
 * A test run without the real server is a smaller test run: say so on one line, or fail where
 * CANZA_REQUIRE_REAL=1 asks for the real thing.
 */
export function goWithout(server: string, why: string): null {
  const line = `${server}: ${why.replaceAll(/\s+/g, ' ').trim()}`;
  if (process.env['CANZA_REQUIRE_REAL'] === '1') throw new Error(`${line} (CANZA_REQUIRE_REAL=1 asks for a real one)`);
  process.stderr.write(`${line}; tests that need it are skipped\n`);
  return null;
}
