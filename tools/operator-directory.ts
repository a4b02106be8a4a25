/**
 * Writes the operator directory's modules and the tables of docs/operators.md from the tables under packages/mobile-money/data.
 *   --check         writes nothing, and fails when a file is not what the tables say
 *   --compare DIR   says in words where our ranges and libphonenumber's resources/carrier/en differ
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { compareWithCarriers } from './operator-directory/compare.ts';
import { type Directory, readDirectory, TABLES, writeModules } from './operator-directory/generate.ts';
import { fillPage } from './operator-directory/page.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const modules = `${root}packages/mobile-money/src/directory/generated/`;
const page = `${root}docs/operators.md`;

const read = (path: string): string | undefined => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
};

/** Files that are not what the tables say, with what they should say. */
function staleFiles(directory: Directory): { path: string; text: string }[] {
  const files = [...writeModules(directory)].map(([name, text]) => ({ path: modules + name, text }));
  files.push({ path: page, text: fillPage(read(page) ?? '', directory) });
  return files.filter(({ path, text }) => read(path) !== text);
}

const tables = Object.fromEntries(
  TABLES.map((name) => [name, read(`${root}packages/mobile-money/data/${name}`) ?? '']),
);
const directory = readDirectory(tables as Parameters<typeof readDirectory>[0]);
const [task, folder] = process.argv.slice(2);

if (task === '--compare') {
  const differences = compareWithCarriers(directory, (code) => read(`${folder}/${code}.txt`));
  for (const difference of differences) console.log(difference);
  console.log(`${differences.length} differences`);
} else if (task === '--check') {
  const stale = staleFiles(directory);
  for (const { path } of stale) {
    console.error(`${path.slice(root.length)} is not what the tables say: run node tools/operator-directory.ts`);
  }
  if (stale.length > 0) process.exitCode = 1;
} else {
  mkdirSync(modules, { recursive: true });
  for (const { path, text } of staleFiles(directory)) {
    writeFileSync(path, text);
    console.log(`wrote ${path.slice(root.length)}`);
  }
}
