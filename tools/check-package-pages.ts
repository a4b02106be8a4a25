/** Every subpath of a package stands on the package's own page: a name that can be imported and is not told might as well not be there. */
import { existsSync, readFileSync } from 'node:fs';
import { publicPackages } from './entry-points.ts';

const problems = publicPackages().flatMap(({ name, folder, entries }) => {
  const page = existsSync(`${folder}/README.md`) ? readFileSync(`${folder}/README.md`, 'utf8') : '';
  return entries
    .filter(({ specifier }) => !page.includes(`\`${specifier}\``))
    .map(({ specifier }) => `${name}: README.md does not say what \`${specifier}\` holds`);
});

for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exitCode = 1;
else console.log('every package tells what its subpaths hold');
