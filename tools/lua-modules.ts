/**
 * Writes each Lua script of the packages as a module beside it: `swap-1.lua` becomes `swap-1.lua.ts`. The Lua files are the
 * source; the modules are what is imported, so that a consumer's bundler carries the scripts along and nothing is read from
 * disk. With `--check` it writes nothing and fails when a module is out of date.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const FILE = /^([a-z][a-z0-9-]*)-(\d+)\.lua$/;

/** The module of a script. */
function moduleOf(file: string, lua: string): string {
  const [, name, keys] = FILE.exec(file) ?? [];
  if (name === undefined) throw new Error(`${file}: expected <name>-<number of KEYS>.lua`);
  const described = new Set([...lua.matchAll(/^-- KEYS\[(\d+)\]/gm)].map(([, index]) => index));
  if (described.size !== Number(keys)) {
    throw new Error(`${file}: its name says ${keys} keys, its header describes ${described.size}`);
  }
  if (!/^-- Returns/m.test(lua)) throw new Error(`${file}: its header does not say what it returns`);
  const text = lua.replaceAll('\\', '\\\\').replaceAll('`', '\\`').replaceAll('${', '\\${');
  return `// Written by tools/lua-modules.ts from ${file}: change that file.
export default {
  name: '${name}',
  numberOfKeys: ${keys},
  lua: \`${text}\`,
};
`;
}

/** Every script of every package, with the module that it should have. */
export function luaModules(): readonly { path: string; expected: string }[] {
  const folders = readdirSync(`${root}packages`).map((name) => `${root}packages/${name}/src/scripts`);
  return folders
    .filter((folder) => existsSync(folder))
    .flatMap((folder) =>
      readdirSync(folder)
        .filter((file) => file.endsWith('.lua'))
        .map((file) => ({
          path: `${folder}/${file}.ts`,
          expected: moduleOf(file, readFileSync(`${folder}/${file}`, 'utf8')),
        })),
    );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const outdated = luaModules().filter(
    ({ path, expected }) => !existsSync(path) || readFileSync(path, 'utf8') !== expected,
  );
  for (const { path, expected } of outdated) {
    if (process.argv.includes('--check')) console.error(`${path.slice(root.length)} is out of date: pnpm scripts:lua`);
    else writeFileSync(path, expected);
  }
  if (process.argv.includes('--check') && outdated.length > 0) process.exitCode = 1;
}
