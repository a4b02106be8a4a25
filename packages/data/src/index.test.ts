import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import * as data from './index.ts';

const here = dirname(fileURLToPath(import.meta.url));
const IMPORT = /^(?:import|export) (?!type )[^'"]*?from '([^']+)';|^import '([^']+)';/gms;

/** The packages that are loaded with a module, at once and not when something is opened. */
function packagesLoadedBy(file: string, seen = new Set<string>()): Set<string> {
  const packages = new Set<string>();
  if (seen.has(file)) return packages;
  seen.add(file);
  for (const [, from, alone] of readFileSync(file, 'utf8').matchAll(IMPORT)) {
    const name = from ?? alone ?? '';
    const inner = name.startsWith('.') ? packagesLoadedBy(join(dirname(file), name), seen) : [name];
    for (const each of inner) packages.add(each);
  }
  return packages;
}

describe('the package', () => {
  it.each([
    ['index', ['msgpackr']],
    ['redis', ['msgpackr']],
    ['memory', []],
    ['stores', []],
    ['locks', []],
    ['cache', ['lru-cache', 'msgpackr']],
    ['rate-limiter', ['rate-limiter-flexible']],
  ])('loads no more than it needs for "%s"', (name, expected) => {
    const file = join(here, name === 'index' ? 'index.ts' : `${name}/index.ts`);
    expect(existsSync(file)).toBe(true);
    const loaded = [...packagesLoadedBy(file)].filter((each) => !each.startsWith('node:') && each !== '@canza/core');
    expect(loaded.sort()).toEqual(expected);
  });

  it('has these public names', () => {
    expect(Object.keys(data).sort()).toEqual([
      'RedisClient',
      'RedisRefusedError',
      'RedisUnavailableError',
      'UnreadableValueError',
      'compareServers',
      'createMemoryRedis',
      'defineScript',
      'openRedis',
      'parseServerInfo',
      'readServerFacts',
    ]);
  });
});
