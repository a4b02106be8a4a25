import assert from 'node:assert/strict';
import { PaymentError } from '../errors/base.ts';
import type { KeyValueStore } from '../key-value-store.ts';
import { freshName, type SuiteRunner } from './runner.ts';

/** How the suite makes stores, and lets time pass for them. */
export interface KeyValueStoreHarness {
  create(): Promise<KeyValueStore>;
  close?(store: KeyValueStore): Promise<void>;
  /** Lets that much time pass for the store: turns a clock, or waits. */
  pass(durationMs: number): Promise<void>;
}

/** What every key-value store promises. Each test uses keys of its own, so a store may be shared. */
export function describeKeyValueStore(runner: SuiteRunner, name: string, harness: KeyValueStoreHarness): void {
  const test = (title: string, body: (store: KeyValueStore, key: string) => Promise<void>): void => {
    runner.it(title, async () => {
      const store = await harness.create();
      try {
        await body(store, freshName('contract'));
      } finally {
        await harness.close?.(store);
      }
    });
  };

  runner.describe(`${name} keeps the key-value store's contract`, () => {
    test('a value reads back as it was written, whatever its script', async (store, key) => {
      for (const value of ['', 'plain', 'Ọlá 🇳🇬 \u0000\u0001 "quoted"', 'x'.repeat(50_000)]) {
        await store.set(key, value);
        assert.equal((await store.get(key))?.value, value);
      }
      assert.equal(await store.get(`${key}:other`), undefined);
    });

    test('the version grows with every write, however it is written', async (store, key) => {
      const versions: number[] = [];
      const note = async (): Promise<void> => void versions.push((await store.get(key))?.version ?? 0);
      await store.set(key, '1');
      await note();
      await store.set(key, '1');
      await note();
      await store.swap(key, versions.at(-1) ?? 0, '5');
      await note();
      await store.increment(key, 1);
      await note();
      assert.deepEqual(
        versions,
        versions.toSorted((left, right) => left - right),
      );
      assert.equal(new Set(versions).size, 4);
    });

    test('a swap writes over the version that was seen, and shows the current value otherwise', async (store, key) => {
      const created = await store.swap(key, 0, 'first');
      assert.ok(created.swapped);
      assert.deepEqual(await store.get(key), { value: 'first', version: created.version });
      const refused = await store.swap(key, 0, 'other');
      assert.deepEqual(refused, { swapped: false, current: { value: 'first', version: created.version } });
      const second = await store.swap(key, created.version, 'second');
      assert.ok(second.swapped && second.version > created.version);
      assert.deepEqual(await store.swap(key, created.version, 'third'), {
        swapped: false,
        current: { value: 'second', version: second.version },
      });
    });

    test('a swap over a version of a key that is gone says so', async (store, key) => {
      const created = await store.swap(key, 0, 'first');
      assert.ok(created.swapped);
      await store.delete(key);
      assert.deepEqual(await store.swap(key, created.version, 'second'), { swapped: false, current: undefined });
      assert.equal(await store.get(key), undefined);
    });

    test('a key that was deleted and made anew does not repeat an old version', async (store, key) => {
      const first = await store.swap(key, 0, 'first');
      assert.ok(first.swapped);
      await store.delete(key);
      await store.set(key, 'anew');
      const stale = await store.swap(key, first.version, 'stale');
      assert.equal(stale.swapped, false);
      assert.equal((await store.get(key))?.value, 'anew');
    });

    test('of 20 swaps over one version exactly one wins', async (store, key) => {
      const results = await Promise.all(
        Array.from({ length: 20 }, (_, index) => store.swap(key, 0, `writer ${index}`)),
      );
      const winners = results.flatMap(({ swapped }, index) => (swapped ? [index] : []));
      assert.equal(winners.length, 1);
      assert.equal((await store.get(key))?.value, `writer ${winners[0]}`);
    });

    test('a value with a time to live is gone after it, and not before', async (store, key) => {
      await store.set(key, 'short', { ttlMs: 400 });
      await harness.pass(100);
      assert.equal((await store.get(key))?.value, 'short');
      await harness.pass(400);
      assert.equal(await store.get(key), undefined);
      assert.ok((await store.swap(key, 0, 'anew', { ttlMs: 400 })).swapped);
      await harness.pass(500);
      assert.equal(await store.get(key), undefined);
    });

    test('a write without a time to live makes a value stay', async (store, key) => {
      await store.set(key, 'short', { ttlMs: 200 });
      await store.set(key, 'stays');
      await harness.pass(300);
      assert.equal((await store.get(key))?.value, 'stays');
    });

    test('delete says whether there was something', async (store, key) => {
      await store.set(key, 'value');
      assert.equal(await store.delete(key), true);
      assert.equal(await store.delete(key), false);
    });

    test('increments add up, from many at once, and keep the first time to live', async (store, key) => {
      assert.equal(await store.increment(key, 5, { ttlMs: 300 }), 5);
      await Promise.all(Array.from({ length: 10 }, async () => store.increment(key, 1, { ttlMs: 60_000 })));
      assert.equal(await store.increment(key, -2), 13);
      await harness.pass(400);
      assert.equal(await store.increment(key, 1), 1);
    });

    test('a text that is no number cannot be incremented, and stays', async (store, key) => {
      await store.set(key, 'text');
      await assert.rejects(
        store.increment(key, 1),
        (error) => PaymentError.isInstance(error) && error.code === 'STORE_UNAVAILABLE',
      );
      assert.equal((await store.get(key))?.value, 'text');
    });
  });
}
