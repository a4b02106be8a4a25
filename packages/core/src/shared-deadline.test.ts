import { expect, it } from 'vitest';
import { SharedDeadline } from './shared-deadline.ts';
import { createTurnedClock } from './testing/turned-clock.ts';

const never = (): Promise<never> => new Promise(() => undefined);

it('gives each wait its whole time, with one timer for all of them', async () => {
  const clock = createTurnedClock();
  const shared = new SharedDeadline(clock, 100);
  const late: string[] = [];
  const wait = (name: string): void => void shared.wait(name, never()).catch(() => late.push(name));
  wait('first');
  await clock.advance(60);
  wait('second');
  expect(clock.pendingTimers).toBe(1);
  await clock.advance(40);
  expect(late).toEqual(['first']);
  await clock.advance(59);
  expect(late).toEqual(['first']);
  await clock.advance(1);
  expect(late).toEqual(['first', 'second']);
  expect(clock.pendingTimers).toBe(0);
});

it('leaves no timer once nothing is waited for', async () => {
  const clock = createTurnedClock();
  const shared = new SharedDeadline(clock, 100);
  expect(await shared.wait('work', Promise.resolve('done'))).toBe('done');
  expect(clock.pendingTimers).toBe(0);
});

it('names what was late, and passes on what the work threw', async () => {
  const clock = createTurnedClock();
  const shared = new SharedDeadline(clock, 100);
  const wrapped = (cause: unknown): Error => new Error('wrapped', { cause });
  const broken = new Error('broken');
  await expect(shared.wait('work', Promise.reject(broken), wrapped)).rejects.toMatchObject({ cause: broken });
  const outcome = shared.wait('Some work', never(), wrapped).catch((error: unknown) => error);
  await clock.advance(100);
  expect(await outcome).toMatchObject({
    cause: { code: 'DEADLINE_EXCEEDED', message: expect.stringContaining('Some work') },
  });
});
