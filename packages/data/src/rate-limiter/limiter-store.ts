import type { Clock, Logger } from '@canza/core';
import type { RedisConnection } from '../redis/connection.ts';
import { defineScript, type RedisScript, type ScriptTwin } from '../redis/script.ts';

/** After a call that Redis did not answer, it is left alone for so long. */
const PAUSE_MS = 1_000;

/** What rate-limiter-flexible asks of an ioredis client. */
export interface LimiterStore {
  readonly status: string;
  defineCommand(name: string, definition: { readonly numberOfKeys: number; readonly lua: string }): void;
  rlflxIncr(args: readonly string[]): Promise<unknown>;
}

/** The library's script, for the memory client: adds to a counter that lives for the period. */
const takeTwin: ScriptTwin = (call, [key = ''], [points = 1, seconds = 1]) => {
  call('set', key, 0, 'EX', seconds, 'NX');
  return [call('incrby', key, points), call('pttl', key)];
};

/**
 * Stands between rate-limiter-flexible and our link, so that its calls have our deadlines and keep to our keys. It says that it
 * is not ready while Redis is away, which makes the library use its limiter in memory at once.
 */
export function createLimiterStore(
  connection: RedisConnection,
  clock: Clock,
  logger: Logger,
  timeoutMs: number,
): LimiterStore {
  let script: RedisScript | undefined;
  let pausedUntilMs = -Infinity;
  let away = false;
  const note = (isAway: boolean): void => {
    if (isAway && !away) logger.warn({}, 'Redis is away: each process keeps to its own part of the rate limit.');
    else if (!isAway && away) logger.info({}, 'Redis is back: the rate limit is shared again.');
    away = isAway;
  };
  return {
    get status() {
      const usable = connection.isReady && clock.monotonicMs() >= pausedUntilMs;
      if (!usable) note(true);
      return usable ? 'ready' : 'away';
    },
    defineCommand(name, { lua, numberOfKeys }) {
      script = defineScript({ name, numberOfKeys, lua }, takeTwin);
    },
    async rlflxIncr([key = '', ...args]) {
      if (script === undefined) throw new Error('rate-limiter-flexible did not define its script.');
      try {
        const reply = await connection.runScript(script, [key], args, { timeoutMs });
        note(false);
        return reply;
      } catch (error) {
        pausedUntilMs = clock.monotonicMs() + PAUSE_MS;
        note(true);
        throw error;
      }
    },
  };
}
