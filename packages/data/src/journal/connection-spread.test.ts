import { describe, expect, it } from 'vitest';
import type { RedisConnection } from '../redis/connection.ts';
import { ConnectionSpread } from './connection-spread.ts';

function spreadOver(most: number) {
  const opened: string[] = [];
  const closed: string[] = [];
  const make = (name: string): RedisConnection =>
    ({
      duplicate: () => {
        opened.push(name);
        return make(`copy ${opened.length}`);
      },
      close: async () => void closed.push(name),
    }) as unknown as RedisConnection;
  return { spread: new ConnectionSpread(make('given'), most), opened, closed };
}

describe('the connections for changes', () => {
  it('stay one where the server does not sync each write', () => {
    const { spread, opened } = spreadOver(8);
    for (let change = 0; change < 100; change++) spread.take(false);
    expect(opened).toEqual([]);
  });

  it('become more when all are crowded, up to the limit, and share the load', async () => {
    const { spread, opened, closed } = spreadOver(3);
    const lanes = Array.from({ length: 30 }, () => spread.take(true));
    expect(opened).toHaveLength(2);
    expect(new Set(lanes).size).toBe(3);
    expect([...new Set(lanes)].map(({ inFlight }) => inFlight)).toEqual([10, 10, 10]);
    await spread.close();
    expect(closed).toEqual(['copy 1', 'copy 2']);
  });

  it('stay one for changes that come one after the other', () => {
    const { spread, opened } = spreadOver(8);
    for (let change = 0; change < 100; change++) spread.take(true).inFlight -= 1;
    expect(opened).toEqual([]);
  });
});
