import { AbortedError, type CallOptions, type HttpResponse, TransportError, type TransportFailure } from '@canza/core';
import type { Dispatcher } from 'undici';

/** What bounds one exchange. */
export interface ExchangeLimits extends CallOptions {
  readonly timeoutMs: number;
  readonly maxReplyBytes: number;
  /** Names the other side in messages; never a path, because paths carry phone numbers. */
  readonly host: string;
}

/** The request as undici takes it. */
type DispatchOptions = Pick<Dispatcher.DispatchOptions, 'method' | 'headers' | 'body' | 'path'> & {
  readonly origin: string;
};

/**
 * One request on one connection, as a handler of undici's dispatcher.
 *
 * undici calls `onRequestStart` immediately before it writes the first byte, and not before a connection stands (for TLS: not
 * before the handshake is through). So "was it called?" is the exact answer to "can a byte have left?", for every way in which
 * an exchange can end.
 */
export class Exchange implements Dispatcher.DispatchHandler {
  readonly #limits: ExchangeLimits;
  readonly #chunks: Buffer[] = [];
  #controller: Dispatcher.DispatchController | undefined;
  #timer: NodeJS.Timeout | undefined;
  #settle: (() => void) | undefined;
  #receivedBytes = 0;
  #status = 0;
  #headers: Readonly<Record<string, string>> = {};
  #reply: HttpResponse | undefined;
  #failure: TransportError | undefined;

  constructor(limits: ExchangeLimits) {
    this.#limits = limits;
  }

  /** The whole reply, once it is there. */
  get reply(): HttpResponse | undefined {
    return this.#reply;
  }

  /** Why there is none. */
  get failure(): TransportError | undefined {
    return this.#failure;
  }

  /** Sends, and resolves when there is a reply or a failure. Never rejects. */
  run(dispatcher: Dispatcher, options: DispatchOptions): Promise<void> {
    const { signal, timeoutMs } = this.#limits;
    return new Promise((resolve) => {
      this.#settle = resolve;
      if (signal?.aborted === true) {
        this.#onAbort();
        return;
      }
      signal?.addEventListener('abort', this.#onAbort, { once: true });
      this.#timer = setTimeout(this.#onDeadline, timeoutMs);
      try {
        dispatcher.dispatch(options, this);
      } catch (error) {
        this.fail('connection-lost', 'could not be sent', error);
      }
    });
  }

  /** Ends the exchange without a reply; `failure` counts only if a byte may have left. */
  fail(failure: TransportFailure, what: string, cause?: unknown): void {
    if (this.#isOver) return;
    const started = this.#controller !== undefined;
    this.#failure = new TransportError(
      started ? failure : 'not-connected',
      `${this.#limits.host}: ${what}${started ? '' : '; nothing was sent'}.`,
      { cause },
    );
    this.#end();
    this.#controller?.abort(this.#failure);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    if (this.#controller !== undefined) {
      // undici takes a request up again when its connection goes down in certain states. What may have left once never leaves twice.
      controller.abort(new Error('A request is written once.'));
      this.fail('connection-lost', 'the connection went down while the request was being sent');
      return;
    }
    // Called off while it waited for a connection: it must not leave now.
    if (this.#isOver) controller.abort(new Error('The request was given up before it was sent.'));
    else this.#controller = controller;
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    if (status < 200) return;
    this.#status = status;
    this.#headers = flattenHeaders(headers);
    if (Number(headers['content-length'] ?? 0) > this.#limits.maxReplyBytes) this.#refuseSize();
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#receivedBytes += chunk.length;
    if (this.#receivedBytes > this.#limits.maxReplyBytes) this.#refuseSize();
    else this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    if (this.#isOver) return;
    const [only, ...more] = this.#chunks;
    const body = only === undefined ? '' : (more.length === 0 ? only : Buffer.concat(this.#chunks)).toString('utf8');
    this.#reply = { status: this.#status, headers: this.#headers, body };
    this.#end();
  }

  onResponseError(_controller: Dispatcher.DispatchController | null, error: Error): void {
    this.fail('connection-lost', this.#controller === undefined ? 'no connection' : 'the connection broke', error);
  }

  get #isOver(): boolean {
    return this.#reply !== undefined || this.#failure !== undefined;
  }

  readonly #onAbort = (): void => {
    this.fail('aborted', 'the call was called off', new AbortedError('A request', 'no'));
  };

  readonly #onDeadline = (): void => this.fail('timeout', `no reply within ${this.#limits.timeoutMs} ms`);

  #refuseSize(): void {
    this.fail('reply-too-large', `the reply is larger than ${this.#limits.maxReplyBytes} bytes`);
  }

  #end(): void {
    clearTimeout(this.#timer);
    this.#limits.signal?.removeEventListener('abort', this.#onAbort);
    this.#settle?.();
  }
}

function flattenHeaders(headers: Record<string, string | string[] | undefined>): Readonly<Record<string, string>> {
  const flat: Record<string, string> = {};
  for (const name in headers) {
    const value = headers[name];
    if (value !== undefined) flat[name] = typeof value === 'string' ? value : value.join(', ');
  }
  return flat;
}
