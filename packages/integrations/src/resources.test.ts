import { expect, it } from 'vitest';
import { Resources } from './resources.ts';

it('closes what was opened last first', async () => {
  const closed: string[] = [];
  const resources = new Resources();
  for (const name of ['redis', 'journal', 'bridge']) resources.hold(async () => void closed.push(name));
  await resources.close();
  expect(closed).toEqual(['bridge', 'journal', 'redis']);
});

it('closes the rest when one cannot be closed, and tells why', async () => {
  const closed: string[] = [];
  const resources = new Resources();
  resources.hold(async () => void closed.push('redis'));
  resources.hold(() => Promise.reject(new Error('still under way')));
  await expect(resources.close()).rejects.toThrow('still under way');
  expect(closed).toEqual(['redis']);
});

it('closes each thing once', async () => {
  let times = 0;
  const resources = new Resources();
  resources.hold(async () => void (times += 1));
  await resources.close();
  await resources.close();
  expect(times).toBe(1);
});
