import { type Logger, safeCause } from '@canza/core';
import type { RedisConnection } from './connection.ts';
import { compareServers, parseServerInfo, type ServerChange, type ServerFacts } from './server-info.ts';

/** Another server is at the other end, or the same one anew. */
export interface ServerChanged {
  readonly change: Exclude<ServerChange, 'same'>;
  readonly before: ServerFacts;
  readonly now: ServerFacts;
}

/** Asks one server what it is. */
export async function readServerFacts(connection: RedisConnection, timeoutMs?: number): Promise<ServerFacts> {
  const options = { repeatable: true, ...(timeoutMs === undefined ? {} : { timeoutMs }) };
  return parseServerInfo(String(await connection.run('info', [], options)));
}

/** Notices, each time the connection stands again, whether the same server is at its other end. */
export class FailoverWatch {
  readonly #connection: RedisConnection;
  readonly #logger: Logger;
  readonly #onChange: (change: ServerChanged) => void;
  readonly #stop: () => void;
  #last: ServerFacts | undefined;
  #failovers = 0;
  #restarts = 0;

  constructor(connection: RedisConnection, logger: Logger, onChange: (change: ServerChanged) => void) {
    this.#connection = connection;
    this.#logger = logger;
    this.#onChange = onChange;
    this.#stop = connection.observe((event) => {
      if (event.type === 'ready') void this.#look();
    });
    if (connection.isReady) void this.#look();
  }

  get seen(): { readonly failovers: number; readonly restarts: number } {
    return { failovers: this.#failovers, restarts: this.#restarts };
  }

  close(): void {
    this.#stop();
  }

  async #look(): Promise<void> {
    // A cluster has many servers, and its client follows them by itself.
    if (this.#connection.isCluster) return;
    try {
      this.#compare(await readServerFacts(this.#connection));
    } catch (error) {
      this.#logger.warn(
        { cause: safeCause(error) },
        'Redis did not say which server it is; it is asked again at the next connection.',
      );
    }
  }

  #compare(now: ServerFacts): void {
    const before = this.#last;
    this.#last = now;
    if (before === undefined) return;
    const change = compareServers(before, now);
    if (change === 'same') return;
    if (change === 'failed-over') this.#failovers += 1;
    else this.#restarts += 1;
    this.#logger.warn(
      { change, before: before.runId, now: now.runId },
      change === 'failed-over'
        ? 'Another Redis took over: writes that had not reached it are lost.'
        : 'Redis was started anew: writes that were not on disk are lost.',
    );
    this.#onChange({ change, before, now });
  }
}
