import type { HttpRequest, HttpResponse } from '@canza/core';

import { isAccepted, type RequestFault, type RequestFaultKind } from './faults.ts';
import type { Call } from './router.ts';
import type { WireOutcome } from './wire.ts';

/** The bodies with which one operator turns a caller away. */
export interface OperatorReplies {
  readonly unknownPath: (request: HttpRequest) => HttpResponse;
  readonly wrongMethod: (request: HttpRequest) => HttpResponse;
  readonly clientError: (call: Call) => HttpResponse;
  readonly serverError: (call: Call) => HttpResponse;
  /** The page of the operator's firewall. */
  readonly html: (call: Call) => HttpResponse;
  readonly throttled: (call: Call) => HttpResponse;
  /** Also strikes off the token that the call presents. */
  readonly tokenExpired: (call: Call) => HttpResponse;
  /** Also strikes off the token that the call presents. */
  readonly tokenRevoked: (call: Call) => HttpResponse;
}

export interface FaultySend {
  readonly fault: RequestFault;
  readonly call: Call;
  readonly replies: OperatorReplies;
  /** Lets the operator take the request in, as it would without the fault. */
  readonly accept: () => Promise<HttpResponse>;
  readonly sleep: (delayMs: number) => Promise<void>;
}

const DEFAULT_SLOW_MS = 5_000;

/** What the caller sees of a request that a fault hits. */
export async function exchangeWithFault({ fault, call, replies, accept, sleep }: FaultySend): Promise<WireOutcome> {
  if (fault.kind === 'slow' && !isAccepted(fault)) {
    await sleep(fault.delayMs ?? DEFAULT_SLOW_MS);
    return { kind: 'reply', response: await accept() };
  }
  const reply = isAccepted(fault) ? await accept() : NO_REPLY;
  if (fault.kind === 'slow') await sleep(fault.delayMs ?? DEFAULT_SLOW_MS);
  return OUTCOMES[fault.kind](call, replies, reply);
}

const NO_REPLY: HttpResponse = { status: 200, headers: {}, body: '' };

type Outcome = (call: Call, replies: OperatorReplies, reply: HttpResponse) => WireOutcome;

const answering =
  (kind: Exclude<keyof OperatorReplies, 'unknownPath' | 'wrongMethod'>): Outcome =>
  (call, replies) => ({ kind: 'reply', response: replies[kind](call) });

const OUTCOMES: Readonly<Record<RequestFaultKind, Outcome>> = {
  'request-lost': () => ({ kind: 'request-lost' }),
  'reply-lost': () => ({ kind: 'reply-lost' }),
  hang: () => ({ kind: 'silence' }),
  slow: (_call, _replies, response) => ({ kind: 'reply', response }),
  empty: (_call, _replies, { headers }) => ({ kind: 'reply', response: { status: 200, headers, body: '' } }),
  'cut-json': (_call, _replies, reply) => ({
    kind: 'reply',
    response: { ...reply, body: reply.body.slice(0, Math.floor(reply.body.length / 2)) },
  }),
  'client-error': answering('clientError'),
  'server-error': answering('serverError'),
  html: answering('html'),
  throttled: answering('throttled'),
  'token-expired': answering('tokenExpired'),
  'token-revoked': answering('tokenRevoked'),
};
