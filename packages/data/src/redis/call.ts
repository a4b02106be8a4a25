import { AbortedError, type Clock } from '@canza/core';
import type { RunOptions } from './connection.ts';
import { Deadline, type DeadlineQueue } from './deadline-queue.ts';
import { RedisRefusedError, RedisUnavailableError, redisError } from './errors.ts';
import type { LatencyHistogram } from './metrics.ts';
import type { RedisLike } from './redis-like.ts';

/** What the calls of one link share. */
export interface CallDesk {
  readonly client: RedisLike;
  readonly clock: Clock;
  readonly deadlines: DeadlineQueue;
  readonly latency: LatencyHistogram;
  /** Calls that wait for the connection to stand. */
  readonly waiting: Set<{ go(): void }>;
  closed: boolean;
  /** In a few words, for messages: why there is no connection. */
  lastFailure: string;
  /** When the last reply came, on the monotonic clock. */
  lastReplyMs: number;
  inFlight: number;
  refusals: number;
  timeouts: number;
  losses: number;
  /** Told when a call was sent and had no reply by its deadline. */
  onSilence(sentMs: number): void;
}

/** Sends a command, and gives its reply. */
export type Send = (client: RedisLike) => Promise<unknown>;

/** Turns a reply into what the caller wants. What it throws fails the call. */
export type Read<Result> = (reply: unknown) => Result | Promise<Result>;

/** Milliseconds before a command that Redis did not run is sent again. */
const REPEAT_PAUSE_MS = 20;

/**
 * One command from its call to its result: waits for the connection, is sent, has its reply read, and ends at its deadline or when
 * it is called off, whichever comes first. It is its own entry in the queue of deadlines, because this is made for every command.
 */
export class Call<Result> extends Deadline {
  readonly promise: Promise<Result>;
  readonly #desk: CallDesk;
  readonly #what: string;
  readonly #send: Send;
  readonly #read: Read<Result> | undefined;
  readonly #options: RunOptions | undefined;
  readonly #timeoutMs: number;
  #resolve!: (result: Result | Promise<Result>) => void;
  #reject!: (error: Error) => void;
  #state: 'waiting' | 'sent' | 'ended' = 'waiting';
  #patience: Deadline | undefined;
  #cancelPause: (() => void) | undefined;
  #onAbort: (() => void) | undefined;

  constructor(
    desk: CallDesk,
    what: string,
    send: Send,
    timeoutMs: number,
    options: RunOptions | undefined,
    read: Read<Result> | undefined,
  ) {
    super();
    this.#desk = desk;
    this.#what = what;
    this.#send = send;
    this.#timeoutMs = timeoutMs;
    this.#options = options;
    this.#read = read;
    this.promise = new Promise<Result>((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  begin(): void {
    const signal = this.#options?.signal;
    if (signal !== undefined) {
      if (signal.aborted) {
        this.#state = 'ended';
        this.#reject(new AbortedError(this.#what, 'no'));
        return;
      }
      this.#onAbort = () => this.#abort();
      signal.addEventListener('abort', this.#onAbort, { once: true });
    }
    // What comes after the end is refused at once, and leaves no timer.
    if (!this.#desk.closed) this.#desk.deadlines.begin(this.#timeoutMs, this);
    this.#submit();
  }

  /** The connection stands, or will not any more. */
  go(): void {
    const desk = this.#desk;
    desk.waiting.delete(this);
    if (desk.closed) {
      this.#fail(new RedisUnavailableError(`${this.#what} came after the connection was closed.`, 'not-sent'));
      return;
    }
    this.#patience?.cancel();
    this.#patience = undefined;
    this.#state = 'sent';
    desk.inFlight += 1;
    this.#send(desk.client).then(
      (reply) => this.#onReply(reply),
      (error: unknown) => this.#onError(error),
    );
  }

  override onExpire(): void {
    this.#expire(this.#timeoutMs);
  }

  #submit(): void {
    const desk = this.#desk;
    if (desk.closed || desk.client.status === 'ready') {
      this.go();
      return;
    }
    desk.waiting.add(this);
    const withinMs = this.#options?.connectWithinMs;
    if (withinMs !== undefined) this.#patience ??= desk.deadlines.add(withinMs, () => this.#expire(withinMs));
  }

  #expire(lengthMs: number): void {
    const sent = this.#state === 'sent';
    const why = sent ? '' : `, because ${this.#desk.lastFailure}`;
    this.#desk.timeouts += 1;
    if (sent) this.#desk.onSilence(this.startedMs);
    this.#fail(
      new RedisUnavailableError(`${this.#what} took longer than ${lengthMs} ms${why}.`, sent ? 'unknown' : 'not-sent'),
    );
  }

  #abort(): void {
    this.#desk.losses += 1;
    this.#fail(new AbortedError(this.#what, 'no'));
  }

  #onReply(reply: unknown): void {
    const desk = this.#desk;
    desk.lastReplyMs = desk.clock.monotonicMs();
    if (this.#state !== 'sent') return;
    this.#end();
    desk.latency.record(desk.lastReplyMs - this.startedMs);
    try {
      this.#resolve(this.#read === undefined ? (reply as Result) : this.#read(reply));
    } catch (error) {
      this.#reject(error as Error);
    }
  }

  #onError(error: unknown): void {
    const desk = this.#desk;
    desk.lastReplyMs = desk.clock.monotonicMs();
    if (this.#state !== 'sent') return;
    const known = redisError(this.#what, error);
    if (known instanceof RedisRefusedError) desk.refusals += 1;
    else desk.losses += 1;
    if (known instanceof RedisUnavailableError && !desk.closed && this.#mayRepeat(known)) {
      desk.inFlight -= 1;
      this.#state = 'waiting';
      desk.lastFailure = known.reason;
      // A pause, because a server that loads or fails over says so at once, again and again.
      this.#cancelPause = desk.clock.setTimer(REPEAT_PAUSE_MS, () => this.#submit());
      return;
    }
    this.#fail(known);
  }

  #mayRepeat(error: RedisUnavailableError): boolean {
    return error.repeatable || (this.#options?.repeatable === true && error.outcome === 'unknown');
  }

  #fail(error: Error): void {
    if (this.#state === 'ended') return;
    this.#end();
    this.#reject(error);
  }

  #end(): void {
    if (this.#state === 'sent') this.#desk.inFlight -= 1;
    else {
      this.#desk.waiting.delete(this);
      this.#cancelPause?.();
      this.#patience?.cancel();
    }
    this.#state = 'ended';
    this.cancel();
    if (this.#onAbort !== undefined) this.#options?.signal?.removeEventListener('abort', this.#onAbort);
  }
}
