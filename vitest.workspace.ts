import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const root = fileURLToPath(new URL('.', import.meta.url));
const tests = ['src/**/*.test.ts', 'test/**/*.test.ts'];

/** Packages whose tests talk to a real Redis and a real PostgreSQL. */
const needsServers = new Set(['data', 'integrations']);
const servers = [`${root}tools/redis.setup.ts`, `${root}tools/postgres.setup.ts`];

const unit = (name: string) => ({
  extends: true as const,
  // No test needs so long; on a machine that is busy with something else, some need more than the default of 5 s.
  test: { name, root: `${root}packages/${name}`, include: tests, testTimeout: 20_000 },
});

/** The same, with `redisUrl` and `postgresUrl` provided. */
const withServers = (name: string) => ({
  extends: true as const,
  test: {
    name: name === 'integrations' ? 'integration' : name,
    root: `${root}packages/${name}`,
    include: tests,
    globalSetup: servers,
    testTimeout: 20_000,
    hookTimeout: 20_000,
  },
});

const packages = readdirSync(`${root}packages`).filter((name) => existsSync(`${root}packages/${name}/package.json`));

export default defineConfig({
  // Tests read the sources of every package, so they need no build.
  resolve: {
    alias: [
      { find: /^@canza\/([^/]+)$/, replacement: `${root}packages/$1/src/index.ts` },
      { find: /^@canza\/([^/]+)\/(.+)$/, replacement: `${root}packages/$1/src/$2/index.ts` },
    ],
  },
  test: {
    exclude: ['**/node_modules/**', '**/dist/**', '**/*.live.test.ts'],
    setupFiles: [`${root}tools/properties.setup.ts`],
    reporters: ['default', `${root}tools/closing-line.ts`],
    coverage: {
      provider: 'v8',
      include: ['packages/*/src/**'],
      exclude: ['**/*.test.ts', '**/*.test-d.ts', '**/*.bench.ts'],
    },
    projects: [
      ...packages.map((name) => (needsServers.has(name) ? withServers(name) : unit(name))),
      { extends: true as const, test: { name: 'simulation', root: `${root}simulation`, include: tests } },
      { extends: true as const, test: { name: 'tools', root: `${root}tools`, include: ['**/*.test.ts'] } },
    ],
  },
});
