/** Keeps a real Redis or PostgreSQL for a run, kills it and starts it again when it is told to, and ends it with the run. */
import { OwnPostgres } from '../../../packages/data/test/servers/postgres.ts';
import { OwnRedis } from '../../../packages/data/test/servers/redis.ts';
import { answerWith, startedWith } from './asking.ts';
import type { JournalName } from './journals.ts';

const { on } = startedWith() as { readonly on: JournalName };
const server = on === 'redis' ? new OwnRedis() : new OwnPostgres();
await server.start();

// What follows is done in turn, so that nothing is killed while it starts.
let turn: Promise<void> = Promise.resolve();
const inTurn = (step: () => Promise<void>) => (): Promise<void> => {
  turn = turn.then(step);
  return turn;
};
answerWith(
  { url: () => server.url, kill: inTurn(() => server.kill()), start: inTurn(() => server.start()) },
  inTurn(() => server.remove()),
);
