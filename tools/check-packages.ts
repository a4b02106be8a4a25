/** publint and attw on what each package would publish, and whether its page tells every subpath. Needs a build. */
import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type PublicPackage, publicPackages } from './entry-points.ts';

const run = promisify(execFile);
const root = fileURLToPath(new URL('..', import.meta.url));
const bin = (name: string): string => `${root}node_modules/.bin/${name}`;

/** A name that can be imported and that the package's own page does not tell might as well not be there. */
function undocumented({ name, folder, entries }: PublicPackage): string[] {
  const page = existsSync(`${folder}/README.md`) ? readFileSync(`${folder}/README.md`, 'utf8') : '';
  return entries
    .filter(({ specifier }) => !page.includes(`\`${specifier}\``))
    .map(({ specifier }) => `${name}: README.md does not say what \`${specifier}\` holds`);
}

async function check(each: PublicPackage): Promise<string[]> {
  const { name, folder: cwd } = each;
  const checks = [
    [bin('publint'), '--strict', '--pack', 'pnpm'],
    [bin('attw'), '--pack', '.', '--profile', 'esm-only'],
  ] as const;
  const problems = undocumented(each);
  // One after the other: both pack the folder.
  for (const [program, ...options] of checks) {
    try {
      // oxlint-disable-next-line no-await-in-loop
      await run(program, options, { cwd });
    } catch (error) {
      const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
      problems.push(`${name}: ${program.slice(program.lastIndexOf('/') + 1)} fails\n${stdout}${stderr}`);
    }
  }
  if (problems.length === 0) console.log(`${name}: publint and attw find nothing`);
  return problems;
}

const problems = (await Promise.all(publicPackages().map(check))).flat();
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exitCode = 1;
