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
});
