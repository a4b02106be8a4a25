import type { Reporter, TestModule, TestRunEndReason } from 'vitest/node';

/**
 * Ends a run on one plain line, `Tests: 6 passed, 0 failed`. Unlike vitest's own summary it counts a file
 * that does not load, a failed hook and an unhandled error as failures, and it has no colours in it.
 */
export default class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[], reason: TestRunEndReason): void {
    let passed = 0;
    let failed = errors.length;
    let skipped = 0;
    for (const module of modules) {
      failed += module.errors().length;
      for (const suite of module.children.allSuites()) failed += suite.errors().length;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state === 'passed') passed += 1;
        else if (state === 'failed') failed += 1;
        else skipped += 1;
      }
    }
    // A server that a global set-up could not start fails the run before there is a test to count.
    if (reason === 'failed' && failed === 0) failed = 1;
    process.stdout.write(`\nTests: ${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}\n`);
  }
}
