import { describe, expect, it } from 'vitest';
import { createGenerations } from './generations.ts';

describe('a map in generations', () => {
  it('never loses what was written among the last half, and holds no more than its bound', () => {
    const map = createGenerations<number>(10);
    for (let index = 0; index < 100; index++) {
      map.set(`k${index}`, index);
      for (let back = 0; back < 5 && back <= index; back++) expect(map.get(`k${index - back}`)).toBe(index - back);
    }
    const held = Array.from({ length: 100 }, (_, index) => map.get(`k${index}`)).filter((value) => value !== undefined);
    expect(held.length).toBeLessThanOrEqual(10);
  });

  it('shows the newest value, also of a key that an older generation holds', () => {
    const map = createGenerations<string>(4);
    map.set('a', 'first');
    map.set('b', '');
    map.set('c', '');
    expect(map.get('a')).toBe('first');
    map.set('a', 'second');
    expect(map.get('a')).toBe('second');
    map.delete('a');
    expect(map.get('a')).toBeUndefined();
  });
});
