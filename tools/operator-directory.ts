/**
 * Writes the operator directory's modules and its page from the tables under packages/mobile-money/data.
 * With `--check` it writes nothing, and fails when a file is not what the tables say.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { readDirectory, TABLES, writeModules } from './operator-directory/generate.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const generated = `${root}packages/mobile-money/src/directory/generated/`;

const read = (path: string): string => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
};

const tables = Object.fromEntries(TABLES.map((name) => [name, read(`${root}packages/mobile-money/data/${name}`)]));
const directory = readDirectory(tables as Parameters<typeof readDirectory>[0]);
const files = [...writeModules(directory)].map(([name, text]) => ({ path: generated + name, text }));
const stale = files.filter(({ path, text }) => read(path) !== text);

if (process.argv.includes('--check')) {
  for (const { path } of stale) {
    console.error(`${path.slice(root.length)} is not what the tables say: run node tools/operator-directory.ts`);
  }
  if (stale.length > 0) process.exitCode = 1;
} else {
  mkdirSync(generated, { recursive: true });
  for (const { path, text } of stale) {
    writeFileSync(path, text);
    console.log(`wrote ${path.slice(root.length)}`);
  }
}
