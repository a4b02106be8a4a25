import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, inject, it, onTestFinished } from 'vitest';
import { OwnRedis } from '../../test/servers/redis.ts';

const run = promisify(execFile);
const at = (path: string): string => fileURLToPath(new URL(`../../test/programs/${path}`, import.meta.url));

describe.skipIf(inject('redisUrl') === null)('a process that has closed its client', () => {
  it.each([{ server: 'answers' }, { server: 'hangs' }])(
    'ends at once, also when the server $server',
    async ({ server }) => {
      const redis = new OwnRedis();
      onTestFinished(() => redis.remove());
      await redis.start();
      const pid = server === 'hangs' ? [(await redis.cli('info', 'server')).match(/process_id:(\d+)/)?.[1] ?? ''] : [];
      const { stdout } = await run(process.execPath, [
        '--import',
        at('sources.ts'),
        at('use-and-close.ts'),
        redis.url,
        ...pid,
      ]);
      const { closingMs, idleMs } = JSON.parse(stdout) as { closingMs: number; idleMs: number };
      expect(closingMs).toBeLessThan(1_000);
      expect(idleMs).toBeLessThan(500);
    },
  );
});
