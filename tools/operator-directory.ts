/**
 * Writes the operator directory's modules from its source tables; with `--check`, fails when they are not what the tables say.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { generate } from './operator-directory/generate.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const source = (name: string): string => readFileSync(`${root}packages/mobile-money/data/${name}`, 'utf8');

const written = (path: string): string => {
  try {
    return readFileSync(root + path, 'utf8');
  } catch {
    return '';
  }
};

const files = generate({ 'operators.md': source('operators.md') });
const stale = [...files].filter(([path, text]) => written(path) !== text);

if (process.argv.includes('--check')) {
  for (const [path] of stale) console.error(`${path} is not what the tables say: run node tools/operator-directory.ts`);
  if (stale.length > 0) process.exitCode = 1;
} else {
  for (const [path, text] of stale) {
    mkdirSync(dirname(root + path), { recursive: true });
    writeFileSync(root + path, text);
    console.log(`${path} written`);
  }
  if (stale.length === 0) console.log('all files are fresh');
}
