import {
  AbortedError,
  type Clock,
  DeadlineError,
  type HttpRequest,
  type HttpResponse,
  safeCause,
  type Transport,
  TransportError,
  withDeadline,
} from '@canza/core';

import type { EventListener } from './events.ts';
import { exchangeWithFault, type OperatorReplies } from './fault-outcome.ts';
import { type FaultPlan, isAccepted, type RequestStage } from './faults.ts';
import { type Call, createRouter, type Route } from './router.ts';
import type { Schedule } from './schedule.ts';
import type { WireOutcome } from './wire.ts';

export interface EndpointOptions {
  readonly name: string;
  readonly routes: readonly Route[];
  readonly replies: OperatorReplies;
  readonly faults: FaultPlan;
  readonly clock: Clock;
  readonly schedule: Schedule;
  readonly onEvent?: EventListener | undefined;
}

/** An emulator as its callers see it: over the wire, as a function, as a transport. */
export interface Endpoint {
  /** What the wire shows of one exchange, broken connections included: the base of every adapter. */
  readonly exchange: (request: HttpRequest) => Promise<WireOutcome>;
  /**
   * The plain function: request in, reply out.
   * @throws TransportError where a fault leaves no reply; a hang lasts until the emulator closes.
   */
  readonly handle: (request: HttpRequest) => Promise<HttpResponse>;
  /** The emulator in the place of a network, default `timeoutMs` 30,000. */
  readonly transport: Transport;
  /** How many requests of a stage, or of one operation, have arrived. */
  readonly requestCount: (of?: { readonly stage?: RequestStage; readonly operation?: string }) => number;
}

const DEFAULT_TIMEOUT_MS = 30_000;

export function createEndpoint({ name, routes, replies, faults, clock, schedule, onEvent }: EndpointOptions): Endpoint {
  const match = createRouter(routes);
  const counts = new Map<string, { readonly stage: RequestStage; readonly operation: string; count: number }>();
  const emit = (what: 'request' | 'reply' | 'fault' | 'defect', detail: string): void =>
    onEvent?.({ atMs: clock.nowMs(), emulator: name, what, detail });

  const count = ({ stage, operation }: Call): void => {
    const key = `${stage} ${operation}`;
    const entry = counts.get(key);
    if (entry === undefined) counts.set(key, { stage, operation, count: 1 });
    else entry.count += 1;
  };

  const exchange = async (request: HttpRequest): Promise<WireOutcome> => {
    const matched = match(request);
    if (matched.kind === 'unknown-path') return { kind: 'reply', response: replies.unknownPath(request) };
    if (matched.kind === 'wrong-method') return { kind: 'reply', response: replies.wrongMethod(request) };
    const { route, call } = matched;
    count(call);
    emit('request', `${request.method} ${call.url.pathname} (${call.operation})`);
    const accept = async (): Promise<HttpResponse> => route.handle(call);
    const fault = faults.takeForRequest(call.stage, call.operation, request);
    if (fault !== undefined) emit('fault', `${fault.stage} ${fault.kind}${isAccepted(fault) ? ', accepted' : ''}`);
    try {
      const outcome: WireOutcome =
        fault === undefined
          ? { kind: 'reply', response: await accept() }
          : await exchangeWithFault({ fault, call, replies, accept, sleep: schedule.sleep });
      emit('reply', outcome.kind === 'reply' ? `${outcome.response.status} (${call.operation})` : outcome.kind);
      return outcome;
    } catch (error) {
      if (error instanceof AbortedError) return { kind: 'silence' };
      emit('defect', safeCause(error).message);
      throw error;
    }
  };

  const handle = async (request: HttpRequest): Promise<HttpResponse> => {
    if (schedule.signal.aborted) throw new TransportError('not-connected', 'The emulator is closed.');
    const outcome = await exchange(request);
    if (outcome.kind === 'reply') return outcome.response;
    if (outcome.kind === 'silence') await closing(schedule.signal);
    throw new TransportError('connection-lost', 'The connection broke before a reply came.');
  };

  const transport: Transport = async (request, { timeoutMs = DEFAULT_TIMEOUT_MS, signal } = {}) => {
    const deadline = { timeoutMs, what: 'The exchange', ...(signal === undefined ? {} : { signal }) };
    try {
      return await withDeadline(clock, deadline, () => handle(request));
    } catch (error) {
      if (error instanceof DeadlineError) throw new TransportError('timeout', `No reply within ${timeoutMs} ms.`);
      if (error instanceof AbortedError) throw new TransportError('aborted', 'The call was called off.');
      throw error;
    }
  };

  return {
    exchange,
    handle,
    transport,
    requestCount({ stage, operation } = {}) {
      let total = 0;
      for (const entry of counts.values()) {
        if (stage !== undefined && entry.stage !== stage) continue;
        if (operation !== undefined && entry.operation !== operation) continue;
        total += entry.count;
      }
      return total;
    },
  };
}

const closing = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
