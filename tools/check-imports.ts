/**
 * Imports every built entry point on its own, and fails when it loads a library that tools/imports/may-load.ts does not allow it.
 * By structure and not by time: a clock on a busy machine says nothing. `--list` prints what each one loads.
 */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { publicPackages } from './entry-points.ts';
import { MAY_LOAD } from './imports/may-load.ts';
import { sideBySide } from './side-by-side.ts';

const run = promisify(execFile);
const root = fileURLToPath(new URL('..', import.meta.url));

/** Programs that call something, which must not load what they did not ask for. */
const PROGRAMS = [
  { specifier: 'createIntegrations with USSD alone', file: `${root}packages/integrations/test/support/ussd-alone.ts` },
];

const entries = [...publicPackages().flatMap((each) => each.entries), ...PROGRAMS];
const problems = Object.keys(MAY_LOAD)
  .filter((name) => !entries.some(({ specifier }) => specifier === name))
  .map((name) => `${name} is no entry point: take it out of tools/imports/may-load.ts`);

const lines = new Map<string, string>();
async function check({ specifier, file }: { readonly specifier: string; readonly file: string }): Promise<void> {
  const { stdout } = await run(process.execPath, [`${root}tools/imports/trace.ts`, file, 'trace']);
  const { loaded } = JSON.parse(stdout) as { readonly loaded: readonly string[] };
  const allowed = MAY_LOAD[specifier] ?? [];
  const uninvited = loaded.filter((name) => !allowed.includes(name));
  const unused = allowed.filter((name) => !loaded.includes(name));
  if (uninvited.length > 0) problems.push(`${specifier} loads ${uninvited.join(', ')}, and may not`);
  if (unused.length > 0)
    problems.push(`${specifier} may load ${unused.join(', ')}, and does not: take it out of the table`);
  lines.set(specifier, loaded.join(', '));
}

await sideBySide(entries, check);

if (process.argv.includes('--list')) for (const [name, loads] of lines) console.log(`${name.padEnd(40)} ${loads}`);
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exitCode = 1;
else console.log(`${entries.length} entry points load what they may, and nothing else`);
