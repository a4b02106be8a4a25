import { execFileSync } from 'node:child_process';

/** Milliseconds that a fresh process takes to load the USSD entry, and what that brings with it. */
const HEAVY = ['axios', 'ioredis', '@aptos-labs', 'undici', 'zod'];
const program = `
  import { registerHooks } from 'node:module';
  const loaded = [];
  if (process.argv[1] === 'list') registerHooks({ load: (url, context, next) => (loaded.push(url), next(url, context)) });
  const start = process.hrtime.bigint();
  await import('@canza/mobile-money/ussd');
  console.log(JSON.stringify({ ms: Number(process.hrtime.bigint() - start) / 1e6, loaded }));
`;

function load(...args: readonly string[]): { readonly ms: number; readonly loaded: readonly string[] } {
  const printed = execFileSync(process.execPath, ['--input-type=module', '-e', program, ...args], {
    cwd: new URL('..', import.meta.url),
    encoding: 'utf8',
  });
  return JSON.parse(printed) as { ms: number; loaded: readonly string[] };
}

const times = Array.from({ length: 15 }, () => load().ms).toSorted((a, b) => a - b);
const { loaded } = load('list');
const heavy = HEAVY.filter((name) => loaded.some((url) => url.includes(`/node_modules/${name}/`)));
console.log(
  `cold import: median ${times[7]?.toFixed(1)} ms, best ${times[0]?.toFixed(1)} ms, ${loaded.length} modules`,
);
console.log(`heavy libraries loaded: ${heavy.length === 0 ? 'none' : heavy.join(', ')}`);
if (heavy.length > 0) process.exitCode = 1;
