import type { RedisConnection } from '../redis/connection.ts';

/** One of several connections, and how many changes are under way on it. */
export interface Lane {
  readonly connection: RedisConnection;
  inFlight: number;
}

/** Changes under way on one connection from which on another one helps. */
const CROWDED = 4;

/**
 * Several connections for changes, for a server that syncs before it answers. Redis takes at most 16 kB from one connection,
 * about four payments, before it writes and syncs; what comes by other connections shares that sync.
 */
export class ConnectionSpread {
  readonly #lanes: Lane[];
  readonly #most: number;

  constructor(connection: RedisConnection, most: number) {
    this.#lanes = [{ connection, inFlight: 0 }];
    this.#most = most;
  }

  /** The connection with the least under way; a further one is opened when all are crowded. The caller counts `inFlight` down. */
  take(mayOpen: boolean): Lane {
    let least = this.#lanes[0] as Lane;
    if (mayOpen || this.#lanes.length > 1) {
      for (const lane of this.#lanes) if (lane.inFlight < least.inFlight) least = lane;
      if (mayOpen && least.inFlight >= CROWDED && this.#lanes.length < this.#most) {
        least = { connection: least.connection.duplicate('blocking'), inFlight: 0 };
        this.#lanes.push(least);
      }
    }
    least.inFlight += 1;
    return least;
  }

  /** Closes what was opened here. */
  async close(): Promise<void> {
    await Promise.all(this.#lanes.splice(1).map(({ connection }) => connection.close()));
  }
}
