/** Writes entries into an embedded journal, one after the other, and prints the id of each that was acknowledged: `write-embedded.ts <folder>`. */
import { openEmbeddedJournal } from '../../src/postgres/index.ts';

const [, , folder = ''] = process.argv;
const journal = await openEmbeddedJournal({ folder });
const times = { dueAtMs: null, createdAtMs: 1_000, updatedAtMs: 1_000 };
for (let index = 0; ; index++) {
  const id = `tx-${index}`;
  const entry = { kind: 'crash', id, version: 1, state: 'created', references: [id], tags: [], body: { id }, ...times };
  // oxlint-disable-next-line no-await-in-loop
  await journal.insert(entry, 'accepted');
  process.stdout.write(`${id}\n`);
}
