import { createHash } from 'node:crypto';
import type { RedisArgument } from './redis-like.ts';

/** A command inside a script: what `redis.call` is in Lua. Throws what Redis would reply as an error. */
export interface ScriptCall {
  /** Bulk strings in the reply are text. */
  (command: string, ...args: RedisArgument[]): unknown;
  /** Bulk strings in the reply are bytes: for values that are passed on as they are. */
  bytes(command: string, ...args: RedisArgument[]): unknown;
}

/** The same change in TypeScript, for the memory client, which has no Lua. It runs without interruption, as a script does. */
export type ScriptTwin = (call: ScriptCall, keys: readonly string[], args: readonly RedisArgument[]) => unknown;

/** A Lua script that Redis runs as one command. All its keys lie in one slot. */
export interface RedisScript {
  /** For messages and metrics. */
  readonly name: string;
  readonly numberOfKeys: number;
  readonly lua: string;
  /** The name by which Redis knows it: the SHA-1 of its text in hex. */
  readonly sha1: string;
  readonly twin?: ScriptTwin;
}

/** A Lua script, before it is one that can be run. */
export interface ScriptSource {
  readonly name: string;
  readonly numberOfKeys: number;
  readonly lua: string;
}

/** Prepares a script to be run: once, at module level. */
export function defineScript(source: ScriptSource, twin?: ScriptTwin): RedisScript {
  const sha1 = createHash('sha1').update(source.lua).digest('hex');
  return { ...source, sha1, ...(twin === undefined ? {} : { twin }) };
}
