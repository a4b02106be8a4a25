/**
 * Writes the table of operators, operations and countries into README.md, from what the adapters themselves say they can do.
 *   --check   writes nothing, and fails when the table is not what they say
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
// Before any package is loaded.
// oxlint-disable-next-line import/no-unassigned-import
import './source-packages.ts';
import { readAdapters } from './capabilities/adapters.ts';
import { capabilityTable } from './capabilities/table.ts';

const page = fileURLToPath(new URL('../README.md', import.meta.url));
const BEGIN = '<!-- generated: capabilities -->\n';
const END = '<!-- end: capabilities -->';

const { brandOf, isOperatorId } = await import('../packages/mobile-money/src/directory/index.ts');
const table = capabilityTable(await readAdapters(), (operator) =>
  isOperatorId(operator) ? brandOf(operator) : operator,
);

const text = readFileSync(page, 'utf8');
const from = text.indexOf(BEGIN);
const to = text.indexOf(END);
if (from < 0 || to < from) throw new Error('README.md has no place for the table "capabilities"');
const fresh = `${text.slice(0, from + BEGIN.length)}\n${table}\n${text.slice(to)}`;

if (fresh === text) console.log('the table of capabilities is what the adapters say');
else if (process.argv.includes('--check')) {
  console.error('README.md: the table is not what the adapters say they can do: run node tools/capabilities.ts');
  process.exitCode = 1;
} else {
  writeFileSync(page, fresh);
  console.log('wrote README.md');
}
