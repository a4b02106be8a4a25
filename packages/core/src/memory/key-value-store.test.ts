import { describe, expect, it } from 'vitest';

import { describeKeyValueStore } from '../contracts/index.ts';
import { createTurnedClock } from '../testing/index.ts';
import { createMemoryKeyValueStore } from './key-value-store.ts';

const clock = createTurnedClock();

describeKeyValueStore({ describe, it }, 'the key-value store in memory', {
  create: async () => createMemoryKeyValueStore({ clock }),
  pass: (durationMs) => clock.advance(durationMs),
});

describe('the key-value store in memory', () => {
  it('makes room by dropping what was written longest ago', async () => {
    const store = createMemoryKeyValueStore({ clock, maxKeys: 2 });
    await store.set('a', '1');
    await store.set('b', '2');
    await store.set('a', '3');
    await store.set('c', '4');
    expect(await store.get('b')).toBeUndefined();
    expect((await store.get('a'))?.value).toBe('3');
  });

  it('goes by the time that passes, not by the clock on the wall', async () => {
    const turned = createTurnedClock();
    const store = createMemoryKeyValueStore({ clock: turned });
    await store.set('session', '1', { ttlMs: 1000 });
    turned.jump(3_600_000);
    expect((await store.get('session'))?.value).toBe('1');
    turned.jump(-7_200_000);
    await turned.advance(1000);
    expect(await store.get('session')).toBeUndefined();
  });

  it('drops what is over, so that deleting and counting start anew', async () => {
    const turned = createTurnedClock();
    const store = createMemoryKeyValueStore({ clock: turned });
    await store.set('a', '1', { ttlMs: 10 });
    await turned.advance(10);
    expect(await store.delete('a')).toBe(false);
    await store.increment('n', 5, { ttlMs: 10 });
    await turned.advance(10);
    expect(await store.increment('n', 1)).toBe(1);
    await turned.advance(1_000_000);
    expect(await store.increment('n', 1)).toBe(2);
  });

  it('counts in whole numbers only', async () => {
    const store = createMemoryKeyValueStore({ clock });
    for (const value of ['', ' 5', '5.0', '1e3', '0x10', 'NaN', '99999999999999999']) {
      await store.set('n', value);
      await expect(store.increment('n', 1)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
      expect((await store.get('n'))?.value).toBe(value);
    }
    await store.set('n', String(Number.MAX_SAFE_INTEGER));
    await expect(store.increment('n', 1)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    await expect(store.increment('m', 0.5)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
  });
});
