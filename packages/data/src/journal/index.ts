/** `@canza/data/journal`: the journal on Redis. */

export { createRedisJournal, type RedisJournal, type RedisJournalOptions } from './journal.ts';
export { type Copies } from './replica-barrier.ts';
