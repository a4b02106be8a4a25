import { AbortedError, type CallOptions } from '@canza/core';
import type { RedisConnection } from './connection.ts';
import { RedisUnavailableError } from './errors.ts';
import type { RedisArgument } from './redis-like.ts';

/** How long a command waits on the server. */
export interface BlockingOptions extends CallOptions {
  /** Milliseconds that Redis waits for something to come. */
  readonly waitMs: number;
}

/** Connections for commands that wait. */
export interface BlockingPoolMetrics {
  readonly connections: number;
  readonly busy: number;
  readonly maxConnections: number;
}

/**
 * Connections for commands that wait on the server, since such a command holds up every other on its connection. They are
 * made when needed, and kept.
 */
export class BlockingPool {
  readonly #main: RedisConnection;
  readonly #maxConnections: number;
  readonly #idle: RedisConnection[] = [];
  readonly #busy = new Set<RedisConnection>();
  #closed = false;

  constructor(main: RedisConnection, maxConnections: number) {
    this.#main = main;
    this.#maxConnections = maxConnections;
  }

  get metrics(): BlockingPoolMetrics {
    return {
      connections: this.#idle.length + this.#busy.size,
      busy: this.#busy.size,
      maxConnections: this.#maxConnections,
    };
  }

  /**
   * Sends a command that waits for up to `waitMs`. Called off, its connection is closed, so that Redis stops waiting and hands
   * nothing to a caller who is gone.
   * @throws RedisUnavailableError when all connections are taken, AbortedError.
   */
  async run(command: string, args: readonly RedisArgument[], options: BlockingOptions): Promise<unknown> {
    const { waitMs, signal } = options;
    const connection = this.#take(command);
    let keep = true;
    try {
      const timeoutMs = waitMs + (options.timeoutMs ?? 2_000);
      return await connection.runBytes(command, args, { timeoutMs, ...(signal === undefined ? {} : { signal }) });
    } catch (error) {
      keep = !(error instanceof AbortedError) && !(error instanceof RedisUnavailableError);
      throw error;
    } finally {
      this.#busy.delete(connection);
      if (keep && !this.#closed) this.#idle.push(connection);
      else hangUp(connection);
    }
  }

  /** Hangs up on every wait. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all(this.#idle.splice(0).map((connection) => connection.close()));
    for (const connection of this.#busy) hangUp(connection);
  }

  #take(command: string): RedisConnection {
    if (this.#closed) throw new RedisUnavailableError(`${command} came after the connection was closed.`, 'not-sent');
    const connection = this.#idle.pop() ?? this.#open(command);
    this.#busy.add(connection);
    return connection;
  }

  #open(command: string): RedisConnection {
    if (this.#busy.size < this.#maxConnections) return this.#main.duplicate('blocking');
    throw new RedisUnavailableError(
      `${command} finds all ${this.#maxConnections} connections for waiting taken (blockingConnections).`,
      'not-sent',
    );
  }
}

/** Closes at once, so that the server stops waiting; nothing is awaited from it. */
function hangUp(connection: RedisConnection): void {
  connection.close({ timeoutMs: 0 }).catch(() => undefined);
}
