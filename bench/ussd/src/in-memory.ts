import { fileURLToPath } from 'node:url';
import { createMemoryKeyValueStore, systemClock } from '@canza/core';
import type { Contestant } from './contestant.ts';
import { handWritten } from './hand-written.ts';
import { ourStep, oursInMemory, oursOver } from './ours.ts';
import { PEERS, peer } from './peers.ts';
import { race, report, runHeat } from './race.ts';

/**
 * The same six screens in memory, five hundred people hop by hop in turn. The peers are asked one hop at a time: at once they
 * answer wrong, see arrivals.ts.
 */
const store = () => createMemoryKeyValueStore({ clock: systemClock });
const CONTESTANTS: Readonly<Record<string, () => Contestant>> = {
  [PEERS[0]]: () => peer(PEERS[0]),
  [PEERS[1]]: () => peer(PEERS[1]),
  'our handler': () => oursInMemory('our handler'),
  'our handler, key-value store': () => oursOver(store(), 'our handler, key-value store', false),
  'the same, numbers remembered': () => oursOver(store(), 'the same, numbers remembered', true),
  'our step': ourStep,
  'hand-written step': handWritten,
};

const chosen = CONTESTANTS[process.argv[2] ?? ''];
if (chosen === undefined) {
  report('In memory', race(fileURLToPath(import.meta.url), Object.keys(CONTESTANTS), 5), PEERS);
} else {
  console.log(JSON.stringify(await runHeat(chosen(), { people: 500, rounds: 100, concurrency: 1 })));
}
