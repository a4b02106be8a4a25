/**
 * Compiles every TypeScript block of the pages against the packages' sources, and runs each that is a whole program.
 *   --compile   runs nothing
 *   PAGE …      these pages only
 * CONTRIBUTING.md says how a block is marked.
 */
import { execFile, execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { extractPrograms, type Program } from './code-blocks/extract.ts';
import { setUpWorkplace } from './code-blocks/workplace.ts';
import { sideBySide } from './side-by-side.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const RUN_TIMEOUT_MS = 60_000;
const run = promisify(execFile);

const options = process.argv.slice(2);
const chosen = options.filter((option) => !option.startsWith('--'));
const pages = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '*.md'], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\0')
  .filter((page) => page !== '' && existsSync(root + page) && !/(?:^|\/)(?:CHANGELOG\.md|\.changeset\/)/.test(page))
  .filter((page) => chosen.length === 0 || chosen.includes(page));

const extractions = pages.map((page) => extractPrograms(page, readFileSync(root + page, 'utf8')));
const programs = extractions.flatMap((extraction) => extraction.programs);
const problems = extractions.flatMap((extraction) => extraction.problems);
const workplace = setUpWorkplace(root, programs);

const outputOf = (error: unknown): string => {
  const { stdout = '', stderr = '', killed } = error as { stdout?: string; stderr?: string; killed?: boolean };
  return `${stdout}${stderr}${killed ? `does not end within ${RUN_TIMEOUT_MS / 1000} s` : ''}`.trim();
};

const preload = [`${root}tools/source-packages.ts`, `${root}tools/code-blocks/offline.ts`];
async function runProgram(program: Program): Promise<void> {
  const file = workplace.folder + workplace.fileOf(program);
  const flags = preload.flatMap((path) => ['--import', path]);
  try {
    await run(process.execPath, [...flags, file], {
      cwd: workplace.folder,
      timeout: RUN_TIMEOUT_MS,
      env: { ...process.env, NO_COLOR: '1' },
    });
  } catch (error) {
    problems.push(`${program.page}:${program.line}: fails when run\n${workplace.asOnPage(outputOf(error))}`);
  }
}

try {
  await run(`${root}node_modules/.bin/tsc`, ['-b', `${workplace.folder}tsconfig.json`], { cwd: workplace.folder });
} catch (error) {
  problems.push(workplace.asOnPage(outputOf(error)));
}

const runnable =
  options.includes('--compile') || problems.length > 0 ? [] : programs.filter(({ mode }) => mode === 'run');
await sideBySide(runnable, runProgram);

for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exitCode = 1;
else console.log(`${programs.length} programs of ${pages.length} pages compile, ${runnable.length} of them run`);
