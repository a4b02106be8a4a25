import type { CallOptions } from '@canza/core';
import type { ConnectionMetrics } from './metrics.ts';
import type { RedisArgument, RedisLike } from './redis-like.ts';
import type { RedisScript } from './script.ts';

/** A change of the link to Redis, for whoever must know: journals check the server again, local caches forget. */
export type RedisConnectionEvent =
  /** Commands are answered. `epoch` is 1 the first time and grows with every connection. */
  | { readonly type: 'ready'; readonly epoch: number }
  /** The connection is lost; it is being made again. */
  | { readonly type: 'away'; readonly epoch: number; readonly reason: string }
  | { readonly type: 'closed' };

/** What a further connection is for: commands that wait on the server, or messages. */
export type ConnectionPurpose = 'blocking' | 'messages';

/** How a command is run. */
export interface RunOptions extends CallOptions {
  /**
   * Whether the command may be run twice, as a read may: it is then sent again when its connection breaks. Commands that
   * Redis certainly did not run are sent again in any case, until the deadline.
   */
  readonly repeatable?: boolean;
  /** Milliseconds to wait for the connection to stand, where that is to be less than the whole deadline. */
  readonly connectWithinMs?: number;
}

/** One command of a transaction. */
export interface TransactionCommand {
  readonly command: string;
  readonly args: readonly RedisArgument[];
}

/**
 * A link to Redis on which nothing waits for ever: every command has a deadline, counted from the call on and including the
 * time until the connection stands. No command that may have had an effect is sent again, unless it is `repeatable`.
 *
 * Every method throws RedisUnavailableError (`outcome` says whether it may have had an effect), RedisRefusedError (Redis
 * answered with an error) or AbortedError.
 */
export interface RedisConnection {
  /** Sends one command; bulk strings in the reply are text. */
  run(command: string, args: readonly RedisArgument[], options?: RunOptions): Promise<unknown>;
  /** Sends one command; bulk strings in the reply are bytes. `read` makes the result of them; what it throws is thrown. */
  runBytes<Result = unknown>(
    command: string,
    args: readonly RedisArgument[],
    options?: RunOptions,
    read?: (reply: unknown) => Result | Promise<Result>,
  ): Promise<Result>;
  /** Runs a script by its digest, and sends its text only to a server that does not know it yet. */
  runScript(
    script: RedisScript,
    keys: readonly string[],
    args: readonly RedisArgument[],
    options?: RunOptions,
  ): Promise<unknown>;
  /** The same, with bulk strings in the reply as bytes. */
  runScriptBytes(
    script: RedisScript,
    keys: readonly string[],
    args: readonly RedisArgument[],
    options?: RunOptions,
  ): Promise<unknown>;
  /** Sends commands between MULTI and EXEC; all keys lie in one slot. Replies in order, bulk strings as bytes. */
  transaction(commands: readonly TransactionCommand[], options?: RunOptions): Promise<readonly unknown[]>;
  /** Resolves when commands are answered. */
  ready(options?: RunOptions): Promise<void>;
  /** Whether commands are answered now, as far as is known. */
  readonly isReady: boolean;
  /** Connections made so far: 0 before the first. */
  readonly epoch: number;
  readonly metrics: ConnectionMetrics;
  /** Tells of changes until the returned function is called. */
  observe(observer: (event: RedisConnectionEvent) => void): () => void;
  /** Whether memory may stand in for Redis: then what is written may be lost, and a lock may be given twice. */
  readonly hasFallback: boolean;
  /** Whether keys are spread over several servers, so that commands with several keys need one hash tag. */
  readonly isCluster: boolean;
  /** A link to each master of a cluster, or this one: for what concerns servers, not keys. The caller closes them. */
  nodes(): readonly RedisConnection[];
  /** The client below, for what the connection does not offer. */
  readonly client: RedisLike;
  /** Breaks the connection, so that it is made anew: for whoever finds that it is dead. */
  reconnect(): void;
  /** A connection of its own to the same server, for work that blocks or subscribes. The caller closes it. */
  duplicate(purpose: ConnectionPurpose): RedisConnection;
  /** Closes after replies that are still to come, within `timeoutMs` (default: that of a command). */
  close(options?: CallOptions): Promise<void>;
}
