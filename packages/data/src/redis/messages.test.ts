import { createRecordingLogger } from '@canza/core/testing';
import { expect, it } from 'vitest';
import { connectTo, MEMORY } from '../../test/redis.ts';

/** What a library throws: logged as it is, it would tell the token. */
const TELLTALE = Object.assign(new Error('Request failed'), {
  config: { headers: { authorization: 'Bearer ey.secret-token' } },
  toJSON: () => ({ authorization: 'Bearer ey.secret-token' }),
});

it.each([
  [
    'throws',
    () =>
      void (() => {
        throw TELLTALE;
      })(),
  ],
  ['rejects', () => Promise.reject(TELLTALE)],
])('a handler that %s is told of in the log, without what the error carries', async (_, handler) => {
  const logger = createRecordingLogger();
  const client = await connectTo(MEMORY, { logger });
  await client.messages.subscribe('news', handler);
  await client.messages.publish('news', 1);
  await expect.poll(() => logger.lines.filter(({ level }) => level === 'error')).toHaveLength(1);
  const log = JSON.stringify(logger.lines);
  expect(log).toContain('Request failed');
  expect(log).not.toContain('secret-token');
});
