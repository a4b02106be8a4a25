import { systemRandom } from '../system/random.ts';

/** What a test runner must offer to run a contract suite: vitest, node:test and others fit as they are. */
export interface SuiteRunner {
  describe(name: string, body: () => void): void;
  it(name: string, body: () => Promise<void>): void;
}

/** A name that no other test and no earlier run has used, so that a store may be shared. */
export const freshName = (prefix: string): string => `${prefix}-${Buffer.from(systemRandom.bytes(8)).toString('hex')}`;
