/**
 * Lets a program of the tests use our packages from their sources: `node --import ./tools/source-packages.ts program.ts`.
 * What vitest's aliases do for tests, for processes that tests start and kill.
 */
import { registerHooks } from 'node:module';

const packages = new URL('../packages/', import.meta.url);
const OURS = /^@canza\/([^/]+)(?:\/(.+))?$/;

registerHooks({
  resolve(specifier, context, nextResolve) {
    const [, name, subpath] = OURS.exec(specifier) ?? [];
    if (name === undefined) return nextResolve(specifier, context);
    const file = subpath === undefined ? 'index.ts' : `${subpath}/index.ts`;
    return nextResolve(new URL(`${name}/src/${file}`, packages).href, context);
  },
});
