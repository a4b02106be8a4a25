import type { SuiteRunner } from '../src/contracts/index.ts';

export interface Verdict {
  readonly passed: readonly string[];
  readonly failed: readonly string[];
}

/** Runs a contract suite without a test runner and says which of its tests pass, so that a test can ask what the suite notices. */
export async function verdictOf(describeSuite: (runner: SuiteRunner) => void): Promise<Verdict> {
  const tests: { readonly title: string; readonly body: () => Promise<void> }[] = [];
  describeSuite({ describe: (_, body) => body(), it: (title, body) => void tests.push({ title, body }) });
  const passed: string[] = [];
  const failed: string[] = [];
  for (const { title, body } of tests) {
    try {
      await body();
      passed.push(title);
    } catch {
      failed.push(title);
    }
  }
  return { passed, failed };
}
