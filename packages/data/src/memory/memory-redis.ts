import { EventEmitter } from 'node:events';
import { type Clock, systemClock } from '@canza/core';
import type { RedisArgument, RedisBatch, RedisLike } from '../redis/redis-like.ts';
import type { RedisScript } from '../redis/script.ts';
import { hashCommands } from './commands/hashes.ts';
import { keyCommands } from './commands/keys.ts';
import { listCommands } from './commands/lists.ts';
import { setCommands } from './commands/sets.ts';
import { sortedSetCommands } from './commands/sorted-sets.ts';
import { streamCommands } from './commands/streams.ts';
import { stringCommands } from './commands/strings.ts';
import { Keyspace } from './keyspace.ts';
import { asBytes, asText, type Blocking, type CommandTable, globMatcher, type Reply, ReplyError } from './reply.ts';

const COMMANDS: CommandTable = {
  ...keyCommands,
  ...stringCommands,
  ...hashCommands,
  ...listCommands,
  ...setCommands,
  ...sortedSetCommands,
  ...streamCommands,
};

/** How much a Redis in memory keeps, and on which clock. */
export interface MemoryRedisOptions {
  /** Default: the machine's. A test hands in one that it turns. */
  readonly clock?: Clock;
  /** Keys kept at most; the one used longest ago makes room. Default: no bound. */
  readonly maxKeys?: number;
  /** Bytes of values kept at most, roughly. Default: no bound. */
  readonly maxBytes?: number;
}

interface Waiter {
  readonly blocking: Blocking;
  settle(reply: Reply): void;
}

/**
 * Redis in memory, with the shape of an ioredis client: for tests, for development without a server, and behind
 * `fallback: 'memory'`. It has every command that this package sends; scripts run as their twins in TypeScript.
 */
export function createMemoryRedis(options: MemoryRedisOptions = {}): MemoryRedis {
  return new MemoryRedis(new Server({ clock: systemClock, ...options }));
}

/** The data and whoever waits for it: shared by a client and its duplicates. */
class Server {
  readonly space: Keyspace;
  readonly clients = new Set<MemoryRedis>();
  readonly #waiters = new Set<Waiter>();

  constructor(options: MemoryRedisOptions & { readonly clock: Clock }) {
    this.space = new Keyspace(options);
  }

  /** Runs one command to its end, or says that it waits. */
  run(command: string, args: readonly RedisArgument[]): Reply | Blocking {
    const handler = COMMANDS[command.toLowerCase()];
    if (handler === undefined) throw new ReplyError(`ERR unknown command '${command}' of the memory client`);
    const [key] = args;
    try {
      const reply = handler(this.space, args);
      if (typeof key === 'string') this.space.grew(key, bytesOf(args));
      return reply;
    } catch (error) {
      // A command that fails leaves nothing behind, not even the empty collection that it opened.
      if (typeof key === 'string') this.space.deleteIfEmpty(key);
      throw error;
    }
  }

  /** For scripts and transactions, where nothing waits. */
  runNow(command: string, args: readonly RedisArgument[]): Reply {
    if (command.toLowerCase() === 'publish') return this.publish(args);
    const reply = this.run(command, args);
    return isBlocking(reply) ? (reply.attempt() ?? null) : reply;
  }

  /** What is written may be what somebody waits for; the one who came first is served first. */
  serveWaiters(): void {
    for (const waiter of this.#waiters) {
      const reply = waiter.blocking.attempt();
      if (reply !== undefined) waiter.settle(reply);
    }
  }

  wait(blocking: Blocking, client: MemoryRedis): Promise<Reply> {
    return new Promise((resolve, reject) => {
      const end = (): void => {
        this.#waiters.delete(waiter);
        cancelTimer?.();
        client.off('end', onEnd);
      };
      const waiter: Waiter = {
        blocking,
        settle(reply) {
          end();
          resolve(reply);
        },
      };
      const onEnd = (): void => {
        end();
        reject(new Error('Connection is closed.'));
      };
      const cancelTimer =
        blocking.timeoutMs === 0 ? undefined : this.space.clock.setTimer(blocking.timeoutMs, () => waiter.settle(null));
      client.once('end', onEnd);
      this.#waiters.add(waiter);
    });
  }

  publish(args: readonly RedisArgument[]): number {
    const [channel, message] = [asText(args[0]), asBytes(args[1])];
    let receivers = 0;
    for (const client of this.clients) receivers += client.deliver(channel, message);
    return receivers;
  }
}

/** Redis in this process, with the shape of ioredis. */
export class MemoryRedis extends EventEmitter implements RedisLike {
  readonly #server: Server;
  readonly #channels = new Set<string>();
  readonly #patterns = new Map<string, (channel: string) => boolean>();
  status = 'ready';

  /** @internal Use {@link createMemoryRedis}. */
  constructor(server: Server) {
    super();
    this.setMaxListeners(0);
    this.#server = server;
    server.clients.add(this);
  }

  /** Keys held now, for tests and for health. */
  get size(): number {
    return this.#server.space.size;
  }

  /** Keys dropped to make room. */
  get evicted(): number {
    return this.#server.space.evicted;
  }

  async call(command: string, ...args: RedisArgument[]): Promise<unknown> {
    return toText(await this.#reply(command, args));
  }

  async callBuffer(command: string, ...args: RedisArgument[]): Promise<unknown> {
    return toBytes(await this.#reply(command, args));
  }

  async runTwin(
    script: RedisScript,
    keys: readonly string[],
    args: readonly RedisArgument[],
    wantsBytes: boolean,
  ): Promise<unknown> {
    const { twin } = script;
    if (twin === undefined) throw new ReplyError(`ERR the script "${script.name}" has no twin for the memory client`);
    const run = (command: string, rest: RedisArgument[]): Reply => this.#server.runNow(command, rest);
    const call = Object.assign((command: string, ...rest: RedisArgument[]) => toText(run(command, rest)), {
      bytes: (command: string, ...rest: RedisArgument[]) => toBytes(run(command, rest)),
    });
    const reply = twin(call, keys, args) as Reply;
    this.#server.serveWaiters();
    return wantsBytes ? toBytes(reply) : toText(reply);
  }

  multi(commands: unknown[][]): RedisBatch {
    return {
      exec: async () => {
        this.#refuseClosed();
        const results = commands.map(([method, command, ...args]): [Error | null, unknown] => {
          try {
            const reply = this.#server.runNow(String(command), args as RedisArgument[]);
            return [null, method === 'callBuffer' ? toBytes(reply) : toText(reply)];
          } catch (error) {
            return [error as Error, null];
          }
        });
        this.#server.serveWaiters();
        return results;
      },
    };
  }

  async connect(): Promise<void> {
    this.status = 'ready';
    this.#server.clients.add(this);
    this.emit('ready');
  }

  disconnect(): void {
    if (this.status === 'end') return;
    this.status = 'end';
    this.#server.clients.delete(this);
    this.emit('close');
    this.emit('end');
  }

  async quit(): Promise<'OK'> {
    this.disconnect();
    return 'OK';
  }

  duplicate(): MemoryRedis {
    return new MemoryRedis(this.#server);
  }

  /** @internal How many of its subscriptions the channel fits. */
  deliver(channel: string, message: Buffer): number {
    let receivers = 0;
    if (this.#channels.has(channel)) {
      receivers += 1;
      queueMicrotask(() => {
        this.emit('message', channel, message.toString());
        this.emit('messageBuffer', Buffer.from(channel), message);
      });
    }
    for (const [pattern, matches] of this.#patterns) {
      if (!matches(channel)) continue;
      receivers += 1;
      queueMicrotask(() => {
        this.emit('pmessage', pattern, channel, message.toString());
        this.emit('pmessageBuffer', pattern, Buffer.from(channel), message);
      });
    }
    return receivers;
  }

  async #reply(command: string, args: readonly RedisArgument[]): Promise<Reply> {
    this.#refuseClosed();
    const own = this.#subscription(command.toLowerCase(), args);
    if (own !== undefined) return own;
    if (command.toLowerCase() === 'publish') return this.#server.publish(args);
    const reply = this.#server.run(command, args);
    if (isBlocking(reply)) {
      const ready = reply.attempt();
      if (ready === undefined) return this.#server.wait(reply, this);
      this.#server.serveWaiters();
      return ready;
    }
    this.#server.serveWaiters();
    return reply;
  }

  #subscription(command: string, args: readonly RedisArgument[]): number | undefined {
    const names = args.map(asText);
    if (command === 'subscribe') for (const name of names) this.#channels.add(name);
    else if (command === 'unsubscribe') for (const name of names) this.#channels.delete(name);
    else if (command === 'psubscribe') for (const name of names) this.#patterns.set(name, globMatcher(name));
    else if (command === 'punsubscribe') for (const name of names) this.#patterns.delete(name);
    else return undefined;
    return this.#channels.size + this.#patterns.size;
  }

  #refuseClosed(): void {
    if (this.status !== 'ready') throw new Error('Connection is closed.');
  }
}

const isBlocking = (reply: Reply | Blocking): reply is Blocking =>
  typeof reply === 'object' && reply !== null && 'block' in reply;

const bytesOf = (args: readonly RedisArgument[]): number =>
  args.reduce<number>((bytes, each) => bytes + (typeof each === 'number' ? 8 : each.length), 0);

function toText(reply: Reply): unknown {
  if (Buffer.isBuffer(reply)) return reply.toString();
  return Array.isArray(reply) ? reply.map(toText) : reply;
}

function toBytes(reply: Reply): unknown {
  if (typeof reply === 'string') return Buffer.from(reply);
  return Array.isArray(reply) ? reply.map(toBytes) : reply;
}
