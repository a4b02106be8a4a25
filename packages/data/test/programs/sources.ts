/** Lets a program of its own read the sources of our packages, as the tests do: `node --import sources.ts program.ts`. */
import { registerHooks } from 'node:module';

const packages = new URL('../../../', import.meta.url);

registerHooks({
  resolve(specifier, context, next) {
    const [, name, part = ''] = /^@canza\/([^/]+)(\/.+)?$/.exec(specifier) ?? [];
    return next(name === undefined ? specifier : new URL(`${name}/src${part}/index.ts`, packages).href, context);
  },
});
