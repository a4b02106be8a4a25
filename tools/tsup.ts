import { existsSync } from 'node:fs';
import type { Options } from 'tsup';

/**
 * Every module becomes one file under dist, imported as it is in src: our files are not bundled, so a consumer's
 * bundler drops what it does not use, and a stack trace names the file the reader knows. A library that a package
 * lists under devDependencies is built into the file that imports it. The types beside the files come from `tsc -b`.
 */
const options: Options = {
  entry: ['src/**/*.ts', '!src/**/*.{test,test-d,bench}.ts'],
  format: ['esm'],
  target: 'node22',
  dts: false,
  sourcemap: true,
  splitting: false,
  clean: ['!**/*.d.ts', '!**/*.d.ts.map', '!.tsbuildinfo'],
  silent: true,
  esbuildOptions: (esbuild) => {
    // Else the folder that all entries share, which is not src while a package has one folder.
    esbuild.outbase = 'src';
    // The sources are published beside the maps.
    esbuild.sourcesContent = false;
  },
  esbuildPlugins: [
    {
      name: 'keep-modules-apart',
      setup: (build) => {
        build.onResolve({ filter: /^\.{1,2}\// }, ({ path, kind, importer }) =>
          kind === 'entry-point' || importer.includes('/node_modules/')
            ? undefined
            : { path: path.replace(/\.ts$/, '.js'), external: true },
        );
      },
    },
  ],
};

/** Nothing for a package that has no sources yet: tsup would fail there. */
export const eachModule: Options[] = existsSync('src') ? [options] : [];
