import {
  AbortedError,
  type CallOptions,
  type HttpRequest,
  type HttpResponse,
  TransportError,
  type TransportFailure,
} from '@canza/core';
import type { Dispatcher } from 'undici';

/** What bounds one exchange. */
export interface ExchangeLimits extends CallOptions {
  readonly timeoutMs: number;
  readonly maxReplyBytes: number;
}

/**
 * One request on one connection, as a handler of undici's dispatcher.
 *
 * undici calls `onRequestStart` immediately before it writes the first byte, and not before a connection stands (for TLS: not
 * before the handshake is through). So "was it called?" is the exact answer to "can a byte have left?", for every way in which
 * an exchange can end.
 */
export class Exchange implements Dispatcher.DispatchHandler {
  readonly #url: string;
  readonly #timeoutMs: number;
  readonly #maxReplyBytes: number;
  readonly #signal: AbortSignal | undefined;
  #controller: Dispatcher.DispatchController | undefined;
  #timer: NodeJS.Timeout | undefined;
  #resolve: ((reply: HttpResponse) => void) | undefined;
  #reject: ((failure: TransportError) => void) | undefined;
  #onAbort: (() => void) | undefined;
  #begun = false;
  #chunks: Buffer | Buffer[] | undefined;
  #receivedBytes = 0;
  #status = 0;
  #headers: Readonly<Record<string, string>> = {};
  #reply: HttpResponse | undefined;
  #failure: TransportError | undefined;

  /** @param url Its host names the other side in messages; never its path, because paths carry phone numbers. */
  constructor(url: string, { timeoutMs, maxReplyBytes, signal }: ExchangeLimits) {
    this.#url = url;
    this.#timeoutMs = timeoutMs;
    this.#maxReplyBytes = maxReplyBytes;
    this.#signal = signal;
  }

  /** The whole reply, once it is there. */
  get reply(): HttpResponse | undefined {
    return this.#reply;
  }

  /** Why there is none. */
  get failure(): TransportError | undefined {
    return this.#failure;
  }

  /** Whether it came to the connection, or to waiting for one. */
  get begun(): boolean {
    return this.#begun;
  }

  /**
   * Sends, and resolves with the reply. A second call sends nothing: whoever stands between (a client that repeats by itself)
   * cannot make two requests of one.
   * @throws TransportError
   */
  run(
    dispatcher: Dispatcher,
    { method, body, bytes }: Pick<HttpRequest, 'method' | 'body' | 'bytes'>,
    headers: Record<string, string>,
  ): Promise<HttpResponse> {
    return new Promise((resolve, reject) => {
      if (this.#begun || this.#isOver) {
        reject(this.#failure ?? new TransportError('connection-lost', 'A request is written once.'));
        return;
      }
      this.#begun = true;
      this.#resolve = resolve;
      this.#reject = reject;
      const signal = this.#signal;
      if (signal !== undefined) {
        const onAbort = (): void => this.callOff();
        if (signal.aborted) {
          onAbort();
          return;
        }
        this.#onAbort = onAbort;
        signal.addEventListener('abort', onAbort, { once: true });
      }
      this.#timer = setTimeout(giveUp, this.#timeoutMs, this);
      try {
        const { origin, pathname, search } = new URL(this.#url);
        const path = pathname + search;
        dispatcher.dispatch({ origin, path, method, headers, body: bytes ?? body ?? null }, this);
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
      `${hostOf(this.#url)}: ${what}${started ? '' : '; nothing was sent'}.`,
      { cause },
    );
    this.#stopWaiting();
    this.#reject?.(this.#failure);
    this.#controller?.abort(this.#failure);
  }

  /** Ends it because its time is over. */
  expire(): void {
    this.fail('timeout', `no reply within ${this.#timeoutMs} ms`);
  }

  /** Ends it because the caller does not want it any more. */
  callOff(): void {
    this.fail('aborted', 'the call was called off', new AbortedError('A request', 'no'));
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
    if (Number(headers['content-length'] ?? 0) > this.#maxReplyBytes) this.#refuseSize();
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#receivedBytes += chunk.length;
    if (this.#receivedBytes > this.#maxReplyBytes) this.#refuseSize();
    else if (this.#chunks === undefined) this.#chunks = chunk;
    else if (Array.isArray(this.#chunks)) this.#chunks.push(chunk);
    else this.#chunks = [this.#chunks, chunk];
  }

  onResponseEnd(): void {
    if (this.#isOver) return;
    const chunks = this.#chunks;
    const body = chunks === undefined ? '' : (Array.isArray(chunks) ? Buffer.concat(chunks) : chunks).toString('utf8');
    this.#reply = { status: this.#status, headers: this.#headers, body };
    this.#stopWaiting();
    this.#resolve?.(this.#reply);
  }

  onResponseError(_controller: Dispatcher.DispatchController | null, error: Error): void {
    this.fail('connection-lost', this.#controller === undefined ? 'no connection' : 'the connection broke', error);
  }

  get #isOver(): boolean {
    return this.#reply !== undefined || this.#failure !== undefined;
  }

  #refuseSize(): void {
    this.fail('reply-too-large', `the reply is larger than ${this.#maxReplyBytes} bytes`);
  }

  #stopWaiting(): void {
    clearTimeout(this.#timer);
    if (this.#onAbort !== undefined) this.#signal?.removeEventListener('abort', this.#onAbort);
  }
}

const giveUp = (exchange: Exchange): void => exchange.expire();

const hostOf = (url: string): string => (URL.canParse(url) ? new URL(url).host : 'an address that is not a URL');

/** Repeated headers, joined. */
function flattenHeaders(headers: Record<string, string | string[] | undefined>): Readonly<Record<string, string>> {
  const flat: Record<string, string> = {};
  for (const name in headers) {
    const value = headers[name];
    if (value !== undefined) flat[name] = typeof value === 'string' ? value : value.join(', ');
  }
  return flat;
}
