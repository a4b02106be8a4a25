import {
  type CallOptions,
  type Environment,
  type HttpRequest,
  PaymentError,
  RateLimitError,
  sleep,
  TransportError,
  UnexpectedResponseError,
  withDeadline,
} from '@canza/core';

import { type Answer, codeOf, readAnswer, unexpected } from './answer.ts';
import type { LedgerHeaders } from './ledger-headers.ts';
import { retryAfterMsOf } from './retry-after.ts';

/** A request to a node: what stands behind the base address, query string included. */
export interface FullnodeRequest {
  readonly method: 'GET' | 'POST';
  /** Without a slash in front; empty for ledger info. */
  readonly path: string;
  readonly json?: unknown;
  readonly bcs?: Uint8Array;
  /** Overrides for the body in BCS: a signed transaction unless said otherwise. */
  readonly contentType?: string;
}

export interface FullnodeSettings {
  /** Base addresses such as `https://api.mainnet.aptoslabs.com/v1`, the preferred one first. */
  readonly nodeUrls: readonly string[];
  /** Answers of another chain are refused: the hash of a payment would be unknown there, and the ledger time late. */
  readonly chainId: number;
  readonly headers: Readonly<Record<string, string>>;
  /** For one exchange. */
  readonly exchangeTimeoutMs: number;
  /** For a read with all its repetitions. */
  readonly timeoutMs: number;
}

interface ReadOptions extends CallOptions {
  /**
   * Wants a ledger that does not lag behind the newest that this client has seen, and asks other endpoints for it. A hint: when
   * none has it, the newest answer is returned, and says itself how old it is.
   */
  readonly fresh?: boolean;
}

/** Our end of one or several nodes of one chain. */
export interface Fullnode {
  /** A request that changes nothing: asked again, elsewhere, until an answer of a node comes. */
  read(request: FullnodeRequest, options?: ReadOptions): Promise<Answer>;
  /** The same without looking at the chain id: only for finding out which chain it is. */
  ask(request: FullnodeRequest, options?: CallOptions): Promise<Answer>;
  /** A request that is handed over once. Another endpoint is tried only where no connection was made. */
  send(request: FullnodeRequest, options?: CallOptions): Promise<Answer>;
  /** The newest ledger that any answer has shown in the last so many milliseconds; `undefined` where none has. */
  seenWithin(ageMs: number): LedgerHeaders | undefined;
}

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 2000;
/** How often an answer of a ledger that lags is asked for again. */
const FRESH_TRIES = 4;
/** Replicas of one healthy host are this far apart at most, in microseconds of ledger time. */
const LAG_US = 1_500_000n;

type Ports = Pick<Environment, 'transport' | 'clock' | 'random'>;

export function createFullnode(settings: FullnodeSettings, { transport, clock, random }: Ports): Fullnode {
  const { nodeUrls, chainId, exchangeTimeoutMs, timeoutMs } = settings;
  let preferred = 0;
  let newest: { readonly ledger: LedgerHeaders; readonly seenAtMs: number } | undefined;

  const exchange = async (
    index: number,
    request: FullnodeRequest,
    options: CallOptions,
    anyChain = false,
  ): Promise<Answer> => {
    const base = nodeUrls[index % nodeUrls.length] as string;
    const response = await transport(toHttp(base, request, settings.headers), {
      ...options,
      timeoutMs: Math.min(options.timeoutMs ?? exchangeTimeoutMs, exchangeTimeoutMs),
    });
    const answer = readAnswer(new URL(base).host, response);
    if (anyChain) return answer;
    if (answer.ledger !== undefined && answer.ledger.chainId !== chainId) {
      throw unexpected(answer, `this is chain ${answer.ledger.chainId}, not ${chainId}`);
    }
    if (answer.ledger !== undefined && answer.ledger.timestampUs >= (newest?.ledger.timestampUs ?? 0n)) {
      newest = { ledger: answer.ledger, seenAtMs: clock.monotonicMs() };
    }
    return answer;
  };

  const repeat = async (request: FullnodeRequest, options: ReadOptions, anyChain: boolean): Promise<Answer> => {
    const { fresh = false, signal } = options;
    const first = preferred;
    const tries = { pauseMs: FIRST_PAUSE_MS, stale: 0 };
    let lagging: Answer | undefined;
    let failure: PaymentError | undefined;
    const asking = async (within: AbortSignal): Promise<Answer> => {
      for (let index = first; ; index += 1) {
        const asked = await attempt(() => exchange(index, request, { signal: within }, anyChain));
        if (within.aborted) throw failure ?? new TransportError('aborted', 'The read was called off.');
        if (asked instanceof Error) failure = asked;
        else if (isLate(asked)) failure = refusalOf(asked);
        else {
          preferred = index % nodeUrls.length;
          if (!fresh || isFresh(asked)) return asked;
          if (lagging === undefined || timeOf(asked) > timeOf(lagging)) lagging = asked;
          tries.stale += 1;
          if (tries.stale >= FRESH_TRIES) return lagging;
        }
        // A pause when every endpoint has been asked once, and before the first one is asked again.
        if ((index - first + 1) % nodeUrls.length === 0) {
          const pauseMs = (asked instanceof Error ? undefined : retryAfterMsOf(asked.headers)) ?? tries.pauseMs;
          await sleep(clock, pauseMs * (0.5 + random.float() / 2), within);
          tries.pauseMs = Math.min(tries.pauseMs * 2, LONGEST_PAUSE_MS);
        }
      }
    };
    try {
      return await withDeadline(
        clock,
        { timeoutMs: options.timeoutMs ?? timeoutMs, what: 'Asking the node', ...(signal ? { signal } : {}) },
        asking,
      );
    } catch (error) {
      if (lagging !== undefined && signal?.aborted !== true) return lagging;
      throw explained(error, failure, signal);
    }
  };

  const isFresh = (answer: Answer): boolean => timeOf(answer) + LAG_US >= (newest?.ledger.timestampUs ?? 0n);

  const send = async (request: FullnodeRequest, options: CallOptions = {}): Promise<Answer> => {
    const last = preferred + nodeUrls.length - 1;
    for (let index = preferred; ; index += 1) {
      try {
        const answer = await exchange(index, request, options);
        preferred = index % nodeUrls.length;
        return answer;
      } catch (error) {
        const notSent = TransportError.isInstance(error) && error.failure === 'not-connected';
        if (!notSent || index === last || options.signal?.aborted === true) throw error;
      }
    }
  };

  return {
    read: (request, options = {}) => repeat(request, options, false),
    ask: (request, options = {}) => repeat(request, options, true),
    send,
    seenWithin: (ageMs) =>
      newest !== undefined && clock.monotonicMs() - newest.seenAtMs <= ageMs ? newest.ledger : undefined,
  };
}

const timeOf = (answer: Answer): bigint => answer.ledger?.timestampUs ?? 0n;

/** What an exchange came to, or the error that it ended with where asking again may help. */
async function attempt(work: () => Promise<Answer>): Promise<Answer | PaymentError> {
  try {
    return await work();
  } catch (error) {
    if (TransportError.isInstance(error) || UnexpectedResponseError.isInstance(error)) return error;
    throw error;
  }
}

/** Whether an answer says nothing about what was asked: a gateway's, or a node's that is not well. Ask again. */
function isLate({ status, error, json }: Answer): boolean {
  if (status === 429 || status === 408 || status >= 500) return true;
  // A page in HTML under any status, or a refusal that no node wrote.
  return status >= 400 ? error === undefined : json === undefined;
}

function refusalOf(answer: Answer): PaymentError {
  if (answer.status !== 429) return unexpected(answer, 'no answer of a node');
  const retryAfterMs = retryAfterMsOf(answer.headers);
  return new RateLimitError(`${answer.node}: too many requests.`, {
    provider: 'aptos',
    providerCode: codeOf(answer),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
}

/** A deadline says less than what kept it from being met. */
const explained = (error: unknown, failure: PaymentError | undefined, signal: AbortSignal | undefined): unknown =>
  failure !== undefined &&
  signal?.aborted !== true &&
  PaymentError.isInstance(error) &&
  error.code === 'DEADLINE_EXCEEDED'
    ? failure
    : error;

function toHttp(base: string, request: FullnodeRequest, headers: Readonly<Record<string, string>>): HttpRequest {
  const { method, path, json, bcs, contentType } = request;
  const url = path === '' ? base : `${base}/${path}`;
  const accept = { accept: 'application/json', ...headers };
  if (bcs !== undefined) {
    const type = contentType ?? 'application/x.aptos.signed_transaction+bcs';
    return { method, url, headers: { ...accept, 'content-type': type }, bytes: bcs };
  }
  if (json === undefined) return { method, url, headers: accept };
  return {
    method,
    url,
    headers: { ...accept, 'content-type': 'application/json' },
    body: JSON.stringify(json),
  };
}
