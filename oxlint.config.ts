import { defineConfig, type OxlintOverride } from 'oxlint';

// ---- Determinism: time, randomness and the network enter through the ports of core/src/environment.ts. ----

/** The adapters and doubles of those ports, and tests. Everything else under packages/<name>/src takes them as arguments. */
const portAdapters: Readonly<Record<string, readonly string[]>> = {
  core: ['src/system/**', 'src/testing/**'],
  'mobile-money': ['src/transport/**'],
  blockchain: ['src/transport/**'],
  data: ['src/redis/connection*.ts'],
  integrations: ['src/doctor/probes.ts', 'src/cli.ts'],
  sandbox: ['src/http-*.ts', 'src/cli*.ts', 'src/cli/**'],
};
const tests = ['src/**/*.{test,test-d,bench}.ts', 'test/**'];

const clock = 'Take a Clock (core/src/environment.ts): a simulation must be able to turn this by hand.';
const random = 'Take a Random (core/src/environment.ts): a run must be repeatable from its seed.';
const network = 'Take a Transport (core/src/environment.ts): only its adapters talk to the network.';

const ambientImports = [
  ...['http', 'https', 'http2', 'net', 'tls', 'dgram', 'dns', 'dns/promises'].flatMap((name) => [
    { name: `node:${name}`, message: network, allowTypeImports: true },
    { name, message: network, allowTypeImports: true },
  ]),
  ...['axios', 'undici'].map((name) => ({ name, message: network, allowTypeImports: true })),
  ...['timers', 'timers/promises', 'perf_hooks'].flatMap((name) => [
    { name: `node:${name}`, message: clock, allowTypeImports: true },
    { name, message: clock, allowTypeImports: true },
  ]),
  ...['node:crypto', 'crypto'].map((name) => ({
    name,
    importNames: [
      'randomUUID',
      'randomBytes',
      'randomInt',
      'randomFill',
      'randomFillSync',
      'getRandomValues',
      'webcrypto',
    ],
    message: random,
  })),
];

const timers = ['setTimeout', 'setInterval', 'setImmediate'];
const sockets = ['fetch', 'WebSocket', 'EventSource', 'XMLHttpRequest'];

const ambientGlobals = [
  ...[...timers, 'performance'].map((name) => ({ name, message: clock })),
  ...sockets.map((name) => ({ name, message: network })),
];

const ambientProperties = [
  { object: 'Date', property: 'now', message: clock },
  { object: 'performance', property: 'now', message: clock },
  { object: 'process', property: 'hrtime', message: clock },
  { object: 'process', property: 'uptime', message: clock },
  { object: 'AbortSignal', property: 'timeout', message: clock },
  { object: 'Math', property: 'random', message: random },
  ...['randomUUID', 'randomBytes', 'randomInt', 'randomFillSync', 'getRandomValues'].map((property) => ({
    object: 'crypto',
    property,
    message: random,
  })),
  ...[...timers, 'performance', 'Date'].map((property) => ({ object: 'globalThis', property, message: clock })),
  ...sockets.map((property) => ({ object: 'globalThis', property, message: network })),
];

// ---- Boundaries: core imports nothing of ours, the others import core alone, integrations sees them all. ----

const intoAnotherPackage = {
  regex: '^(\\.\\./)+[^.].*/src/',
  message: 'Import another package by its name: a path into it goes past its public names.',
};

const boundaries = (name: string) => {
  if (name === 'integrations') return [intoAnotherPackage];
  const foreign = {
    group: ['@canza/*', '@canza/*/**', ...(name === 'core' ? [] : ['!@canza/core', '!@canza/core/**'])],
    message:
      name === 'core'
        ? 'core imports no other package of ours.'
        : 'This package imports @canza/core alone; the app, or @canza/integrations, puts packages together.',
  };
  return [foreign, intoAnotherPackage];
};

const rulesOf = (name: string): OxlintOverride[] => {
  const patterns = boundaries(name);
  const inside = (globs: readonly string[]) => globs.map((glob) => `packages/${name}/${glob}`);
  return [
    {
      files: inside(['src/**']),
      rules: {
        'no-restricted-imports': ['error', { paths: ambientImports, patterns }],
        'no-restricted-globals': ['error', ...ambientGlobals],
        'no-restricted-properties': ['error', ...ambientProperties],
        'canza/no-ambient-date': 'error',
      },
    },
    {
      files: inside([...(portAdapters[name] ?? []), ...tests]),
      rules: {
        'no-restricted-imports': ['error', { patterns }],
        'no-restricted-globals': 'off',
        'no-restricted-properties': 'off',
        'canza/no-ambient-date': 'off',
      },
    },
  ];
};

export default defineConfig({
  plugins: ['typescript', 'unicorn', 'oxc', 'import', 'node', 'promise', 'vitest'],
  jsPlugins: ['./tools/oxlint-plugin.ts'],
  categories: { correctness: 'error', suspicious: 'error' },
  options: { typeAware: true },
  ignorePatterns: ['**/dist/**', 'docs/api/**', 'docs/.vitepress/{cache,dist}/**', 'coverage/**'],
  rules: {
    'typescript/no-floating-promises': 'error',
    'typescript/no-misused-promises': 'error',
    'typescript/await-thenable': 'error',
    'typescript/return-await': ['error', 'in-try-catch'],
    'typescript/switch-exhaustiveness-check': 'error',
    'typescript/no-explicit-any': 'error',
    'import/no-cycle': 'error',
    'no-console': 'error',
    // A constructor that only passes on its arguments may still narrow their types.
    'no-useless-constructor': 'off',
    // The compiler sees missing returns, and knows exhaustive switches.
    'typescript/consistent-return': 'off',
    'typescript/no-unsafe-type-assertion': 'off',
    'unicorn/no-array-sort': 'off',
    'import/no-named-as-default-member': 'off',
  },
  overrides: [
    ...['core', 'mobile-money', 'blockchain', 'data', 'sandbox', 'integrations'].flatMap(rulesOf),
    // A test reads best with its small functions beside it, and may expect something of every run in a hook.
    {
      files: ['**/*.{test,test-d,bench}.ts', '**/test/**'],
      rules: {
        'typescript/unbound-method': 'off',
        'unicorn/consistent-function-scoping': 'off',
        'vitest/no-standalone-expect': 'off',
      },
    },
    // Programs that people run: the console is where they speak.
    {
      files: [
        'examples/**',
        'bench/**',
        'simulation/src/{main,chaos/main}.ts',
        'simulation/src/planted/{main,hunt}.ts',
        'tools/**',
        'docs/*.ts',
        'packages/sandbox/src/cli*.ts',
        'packages/sandbox/src/cli/**',
      ],
      rules: { 'no-console': 'off' },
    },
  ],
});
