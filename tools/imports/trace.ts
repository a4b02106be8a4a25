/**
 * Run on its own: imports one module, and prints as JSON how many milliseconds that took, of the clock and of the processor, and, when the second argument says `trace`,
 * which packages of others ours have loaded. What those bring along is a part of them.
 */
import { registerHooks } from 'node:module';
import { pathToFileURL } from 'node:url';

const [file = '', how] = process.argv.slice(2);
const loaded = new Set<string>();
const isOurs = (url: string | undefined): boolean => url !== undefined && !url.includes('/node_modules/');

/** The innermost package of a file: pnpm keeps `node_modules/.pnpm/a@1/node_modules/a`. */
const packageOf = (url: string): string | undefined => /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(url)?.[1];

if (how === 'trace') {
  registerHooks({
    resolve(specifier, context, nextResolve) {
      const resolved = nextResolve(specifier, context);
      const name = packageOf(resolved.url);
      if (name !== undefined && isOurs(context.parentURL)) loaded.add(name);
      return resolved;
    },
  });
}

const cpuBefore = process.cpuUsage();
const startedAt = performance.now();
await import(pathToFileURL(file).href);
const tookMs = performance.now() - startedAt;
const { user, system } = process.cpuUsage(cpuBefore);
const cpuMs = (user + system) / 1000;
process.stdout.write(JSON.stringify({ tookMs, cpuMs, loaded: [...loaded].toSorted() }));
