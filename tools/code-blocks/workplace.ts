import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Program } from './extract.ts';

/** Where the programs of the pages lie while they are checked: `<page>/<line>.ts`, beside the packages that they import. */
export interface Workplace {
  readonly folder: string;
  /** The file of a program, from `folder`. */
  fileOf(program: Program): string;
  /** `docs/bridge.md/12.ts(34,5): …` as `docs/bridge.md:34:5: …`. */
  asOnPage(message: string): string;
}

const IMPORT = /\b(?:from|import)\s*\(?\s*['"]([^'"]+)['"]/g;

/** The package of a bare specifier: `@hono/node-server` of `@hono/node-server/serve`. */
const packageOf = (specifier: string): string =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');

const fileOf = ({ page, line }: Program): string => `${page}/${line}.ts`;

/** Names of packages that the programs import, ours and others, without Node's own. */
function importedPackages(programs: readonly Program[]): Set<string> {
  const specifiers = programs.flatMap(({ source }) => [...source.matchAll(IMPORT)].map(([, name = '']) => name));
  return new Set(specifiers.filter((name) => !/^(?:node:|\.|\/)/.test(name)).map(packageOf));
}

/** Folders under which a package of somebody else may be installed: the workspaces that a reader's app would be like. */
function workspacesOf(root: string): string[] {
  const within = (folder: string): string[] =>
    existsSync(root + folder) ? readdirSync(root + folder).map((name) => `${root}${folder}/${name}`) : [];
  return [...within('packages'), ...within('examples')];
}

/** Writes the programs, links what they import, and the configuration under which they are compiled. */
export function setUpWorkplace(root: string, programs: readonly Program[]): Workplace {
  const folder = `${root}.cache/code-blocks/`;
  rmSync(folder, { recursive: true, force: true });
  const workspaces = workspacesOf(root);
  const packages = workspaces.filter(
    (path) => path.startsWith(`${root}packages/`) && existsSync(`${path}/src/index.ts`),
  );

  const link = (name: string, target: string): void => {
    mkdirSync(dirname(`${folder}node_modules/${name}`), { recursive: true });
    symlinkSync(target, `${folder}node_modules/${name}`);
  };
  for (const path of packages) {
    const { name } = JSON.parse(readFileSync(`${path}/package.json`, 'utf8')) as { name: string };
    link(name, path);
  }
  for (const name of new Set([...importedPackages(programs), '@types/node'])) {
    const owner = [root.slice(0, -1), ...workspaces].find((path) => existsSync(`${path}/node_modules/${name}`));
    const known = name.startsWith('@canza/') || owner === undefined;
    if (!known) link(name, `${owner}/node_modules/${name}`);
  }

  for (const program of programs) {
    mkdirSync(`${folder}${program.page}`, { recursive: true });
    writeFileSync(folder + fileOf(program), program.source);
  }
  const options = {
    noEmit: true,
    composite: false,
    declaration: false,
    declarationMap: false,
    // An app's own rules are its own: what a page shows must compile under `strict`.
    noPropertyAccessFromIndexSignature: false,
    noUnusedLocals: false,
    noUnusedParameters: false,
  };
  const references = packages.map((path) => ({ path }));
  const project = (name: string, files: readonly string[]): void => {
    const config = { extends: `${root}tsconfig.base.json`, compilerOptions: options, files, references };
    writeFileSync(`${folder}${name}`, `${JSON.stringify(config, undefined, 2)}\n`);
  };
  const whole = programs.filter(({ mode }) => mode !== 'fragment');
  const pieces = programs.filter(({ mode }) => mode === 'fragment');
  writeFileSync(`${folder}fragments.d.ts`, readFileSync(`${root}docs/fragments.d.ts`, 'utf8'));
  project('tsconfig.whole.json', whole.map(fileOf));
  project('tsconfig.fragments.json', [...pieces.map(fileOf), 'fragments.d.ts']);
  const both = { files: [], references: [{ path: './tsconfig.whole.json' }, { path: './tsconfig.fragments.json' }] };
  writeFileSync(`${folder}tsconfig.json`, `${JSON.stringify(both)}\n`);

  return {
    folder,
    fileOf,
    asOnPage: (message) =>
      message
        .replaceAll(/(?:\.cache\/code-blocks\/)?([\w./-]+\.md)\/\d+\.ts\((\d+),(\d+)\)/g, '$1:$2:$3')
        .replaceAll(/(?:file:\/\/)?(?:[\w./-]*\.cache\/code-blocks\/)([\w./-]+\.md)\/\d+\.ts/g, '$1'),
  };
}
