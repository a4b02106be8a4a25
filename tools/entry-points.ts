import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** A package that is published, as its manifest says. */
export interface PublicPackage {
  readonly name: string;
  /** Absolute, without a slash at the end. */
  readonly folder: string;
  readonly entries: readonly EntryPoint[];
  /** Programs by name, from the folder. */
  readonly programs: Readonly<Record<string, string>>;
}

/** What a consumer can import. */
export interface EntryPoint {
  /** `@canza/mobile-money/ussd`. */
  readonly specifier: string;
  /** The built module, absolute; there after a build. */
  readonly file: string;
  /** The source that it was built from, absolute. */
  readonly source: string;
}

interface Manifest {
  readonly name: string;
  readonly private?: boolean;
  readonly bin?: Readonly<Record<string, string>>;
  readonly exports?: Readonly<Record<string, string | { readonly default?: string }>>;
}

const packages = fileURLToPath(new URL('../packages/', import.meta.url));

/** Every package under packages/ that is published, in the order of their names, with everything that its `exports` name. */
export function publicPackages(): readonly PublicPackage[] {
  return readdirSync(packages)
    .toSorted()
    .map((name) => packages + name)
    .filter((folder) => existsSync(`${folder}/package.json`))
    .flatMap((folder) => {
      const manifest = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8')) as Manifest;
      if (manifest.private === true) return [];
      const entries = Object.entries(manifest.exports ?? {}).flatMap(([subpath, target]): EntryPoint[] => {
        const file = typeof target === 'string' ? undefined : target.default;
        if (file === undefined) return [];
        const source = `${folder}/${file.replace('./dist/', 'src/').replace(/\.js$/, '.ts')}`;
        // A package that is being written names what is still to come; publint finds it in one that is finished.
        if (!existsSync(source)) return [];
        return [{ specifier: manifest.name + subpath.slice(1), file: `${folder}/${file.slice(2)}`, source }];
      });
      return entries.length === 0 ? [] : [{ name: manifest.name, folder, entries, programs: manifest.bin ?? {} }];
    });
}
