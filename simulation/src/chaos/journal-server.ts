/** Keeps a real Redis or PostgreSQL for a run, kills it and starts it again when it is told to, and ends it with the run. */
import { OwnPostgres } from '../../../packages/data/test/servers/postgres.ts';
import { OwnRedis } from '../../../packages/data/test/servers/redis.ts';
import { answerWith, startedWith } from './asking.ts';
import type { JournalName } from './journals.ts';

const { on } = startedWith() as { readonly on: JournalName };
const server = on === 'redis' ? new OwnRedis() : new OwnPostgres();
const MOST_STARTS = 5;

/** On a port of its own each time: while nobody listens on one, any connection of this machine may be given it. */
async function start(): Promise<string> {
  for (let starts = 1; ; starts++) {
    server.port = 0;
    try {
      await server.start();
      return server.url;
    } catch (error) {
      if (starts === MOST_STARTS) throw error;
    }
  }
}

// What follows is done in turn, so that nothing is killed while it starts.
let turn: Promise<unknown> = Promise.resolve();
const inTurn =
  <T>(step: () => Promise<T>) =>
  async (): Promise<T> => {
    const done = turn.then(step);
    turn = done.catch(() => undefined);
    return done;
  };
answerWith(
  { start: inTurn(start), kill: inTurn(() => server.kill()) },
  inTurn(() => server.remove()),
);
