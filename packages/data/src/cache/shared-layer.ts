import type { CallOptions, Random } from '@canza/core';
import type { Codec } from '../codec/codec.ts';
import { type KeyFamily, keyFamily } from '../keys.ts';
import type { RedisConnection } from '../redis/connection.ts';
import { allReady } from '../redis/operation.ts';
import { fillScript, forgetScript, forgetTagScript, readScript, releaseScript, tagScript } from './scripts.ts';

/** Tags and their versions, as they stood when a value began to be loaded. */
export type TagVersions = ReadonlyMap<string, string>;

export interface Found {
  /** `undefined` where the source has none. */
  readonly value: unknown;
  /** Below 0 when it is stale. */
  readonly freshForMs: number;
  readonly bytes: number;
  readonly tags: TagVersions;
}

/** What a read says: what is there, and whether this reader is to load. */
export interface ReadResult {
  readonly found: Found | undefined;
  readonly loads: boolean;
}

export interface Lifetime {
  readonly freshMs: number;
  /** Fresh and stale together. */
  readonly keepMs: number;
}

/** What is said to local copies. */
export interface Notices {
  readonly channel: string;
  readonly key: (key: string) => string;
  readonly tag: (tag: string) => string;
}

const TAG_REMEMBERED_MS = 30 * 24 * 60 * 60 * 1000;
const HAS_NONE = '1';

/** What is cached in Redis, in the words of a cache. Every method is one round trip, but for tags in other slots. */
export class SharedLayer {
  readonly #connection: RedisConnection;
  readonly #codec: Codec;
  readonly #random: Random;
  readonly #notices: Notices;
  readonly #entryKey: KeyFamily;
  readonly #tagKey: KeyFamily;

  constructor(connection: RedisConnection, codec: Codec, random: Random, notices: Notices, prefix: [string, string]) {
    const [namespace, name] = prefix;
    this.#connection = connection;
    this.#codec = codec;
    this.#random = random;
    this.#notices = notices;
    this.#entryKey = keyFamily(namespace, `cache1.${name}`);
    this.#tagKey = keyFamily(namespace, `cachetag1.${name}`);
  }

  /**
   * Reads a value; with a token, asks to load it where it is missing or stale. A value whose tags have ended, or that cannot be
   * read, counts as missing.
   */
  async read(key: string, token: string, loadMs: number, options: CallOptions): Promise<ReadResult> {
    const first = await this.#read(key, token, loadMs, false, options);
    if (first.found === undefined || (await this.#stands(first.found.tags, options))) return first;
    return first.loads ? { found: undefined, loads: true } : this.#read(key, token, loadMs, true, options);
  }

  /** Whether it was written: not when something newer was written or forgotten while it was loaded. */
  async fill(
    key: string,
    token: string,
    value: unknown,
    lifetime: Lifetime,
    tags: TagVersions,
    options: CallOptions,
  ): Promise<{ written: boolean; bytes: number }> {
    const bytes = value === undefined ? '' : await this.#codec.encode(value);
    const args = [
      token,
      bytes,
      value === undefined ? HAS_NONE : '0',
      Math.ceil(lifetime.freshMs),
      Math.ceil(lifetime.keepMs),
      tagText(tags),
      this.#notices.channel,
      this.#notices.key(key),
    ];
    const written = Number(await this.#connection.runScript(fillScript, this.#keys(key), args, options));
    return { written: written === 1, bytes: bytes.length };
  }

  /** Lets others load, after a load that failed. */
  async release(key: string, token: string, options: CallOptions): Promise<void> {
    await this.#connection.runScript(releaseScript, [this.#entryKey(key, 'load')], [token], options);
  }

  async forget(key: string, options: CallOptions): Promise<boolean> {
    const args = [this.#notices.channel, this.#notices.key(key)];
    return Number(await this.#connection.runScript(forgetScript, this.#keys(key), args, options)) === 1;
  }

  async forgetTag(tag: string, options: CallOptions): Promise<void> {
    const args = [this.#notices.channel, this.#notices.tag(tag)];
    await this.#connection.runScript(forgetTagScript, [this.#tagKey(tag)], args, options);
  }

  /** The versions of tags, begun where there are none: to be asked before loading. */
  async tagVersions(tags: readonly string[], options: CallOptions): Promise<TagVersions> {
    const versions = await Promise.all(
      tags.map((tag) => {
        const begin = Buffer.from(this.#random.bytes(9)).toString('base64url');
        return this.#connection.runScript(tagScript, [this.#tagKey(tag)], [begin, TAG_REMEMBERED_MS], options);
      }),
    );
    return new Map(tags.map((tag, index) => [tag, String(versions[index])]));
  }

  #keys(key: string): [entry: string, load: string] {
    return [this.#entryKey(key), this.#entryKey(key, 'load')];
  }

  async #read(key: string, token: string, loadMs: number, ignore: boolean, options: CallOptions): Promise<ReadResult> {
    const args = [token, Math.ceil(loadMs), ignore ? '1' : '0'];
    const reply = await this.#connection.runScriptBytes(readScript, this.#keys(key), args, options);
    const [loads, freshForMs, bytes, absent, tags] = reply as [unknown, unknown?, Buffer?, unknown?, unknown?];
    const takes = Number(loads) === 1;
    if (bytes === undefined) return { found: undefined, loads: takes };
    const value = String(absent) === HAS_NONE ? undefined : await this.#decode(bytes, key);
    if (value === UNREADABLE) {
      return takes || ignore ? { found: undefined, loads: takes } : this.#read(key, token, loadMs, true, options);
    }
    const found = { value, freshForMs: Number(freshForMs), bytes: bytes.length, tags: readTags(String(tags)) };
    return { found, loads: takes };
  }

  async #decode(bytes: Buffer, key: string): Promise<unknown> {
    try {
      return await this.#codec.decode(bytes, key);
    } catch {
      return UNREADABLE;
    }
  }

  /** Whether none of the tags has ended since. */
  async #stands(tags: TagVersions, options: CallOptions): Promise<boolean> {
    if (tags.size === 0) return true;
    const now = await allReady(
      [...tags.keys()].map((tag) => this.#connection.run('get', [this.#tagKey(tag)], { ...options, repeatable: true })),
    );
    return [...tags.values()].every((version, index) => now[index] === version);
  }
}

/** Stands for a value that cannot be read. */
const UNREADABLE = Symbol('unreadable');

const tagText = (tags: TagVersions): string =>
  [...tags].map(([tag, version]) => `${encodeURIComponent(tag)}=${version}`).join(' ');

function readTags(text: string): TagVersions {
  if (text === '') return new Map();
  return new Map(
    text.split(' ').map((pair) => {
      const [tag = '', version = ''] = pair.split('=');
      return [decodeURIComponent(tag), version];
    }),
  );
}
