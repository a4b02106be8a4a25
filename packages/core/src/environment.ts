/**
 * Everything that is not deterministic enters here: network, time, randomness, logging.
 * Code outside the adapters of these ports never reads a clock, a random source or a socket, so that a simulation can
 * replay any run from its seed.
 */

/** One HTTP exchange as it is put on the wire. A body is the exact text or the exact bytes, because some are signed. */
export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Absolute, query string included. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** A body that is no text, such as a signed transaction, in the place of `body`. */
  readonly bytes?: Uint8Array;
}

/** A reply of any status: a 500 is an answer, not an error. Header names are lower case. */
export interface HttpResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** A body that is no text, as it came, where the caller asked for such a one; `body` is empty then. */
  readonly bytes?: Uint8Array;
}

/** How long the caller is willing to wait, and how it calls off. */
export interface CallOptions {
  /** Milliseconds until the call is given up; each function names its default. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

/**
 * Carries one request and resolves with whatever answer came.
 * @throws TransportError, and nothing else: no reply, with `moneyMoved: 'no'` only where no byte of the request can have
 * left. No library error passes through, because those carry tokens, bodies and phone numbers.
 */
export type Transport = (request: HttpRequest, options?: CallOptions) => Promise<HttpResponse>;

/** Cancels a timer; calling it twice, or after the timer fired, does nothing. */
export type CancelTimer = () => void;

/** Wall time for records and wire formats, monotonic time for durations, timers for waiting. */
export interface Clock {
  /** Milliseconds since 1970-01-01T00:00:00Z. May jump, as wall clocks do. */
  nowMs(): number;
  /** Milliseconds since an arbitrary start; never goes back. For latencies and deadlines. */
  monotonicMs(): number;
  /** Calls back once after `delayMs`. */
  setTimer(delayMs: number, callback: () => void): CancelTimer;
}

/** Random bytes for identifiers and secrets, a float for jitter. */
export interface Random {
  bytes(length: number): Uint8Array;
  /** Uniform in [0, 1). Never used for secrets. */
  float(): number;
}

/** A logger with pino's shape, so that a pino instance can be handed in as it is. */
export interface Logger {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** What a provider is given by whoever composes it. */
export interface Environment {
  readonly transport: Transport;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}
