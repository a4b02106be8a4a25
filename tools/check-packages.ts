/** publint and attw on what each package would publish. Needs a build. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type PublicPackage, publicPackages } from './entry-points.ts';

const run = promisify(execFile);
const root = fileURLToPath(new URL('..', import.meta.url));
const bin = (name: string): string => `${root}node_modules/.bin/${name}`;

async function check(each: PublicPackage): Promise<string[]> {
  const { name, folder: cwd } = each;
  const checks = [
    [bin('publint'), '--strict', '--pack', 'pnpm'],
    [bin('attw'), '--pack', '.', '--profile', 'esm-only'],
  ] as const;
  const problems: string[] = [];
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
