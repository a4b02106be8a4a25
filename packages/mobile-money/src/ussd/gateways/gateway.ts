import type { UssdReply } from '../conversation.ts';
import type { Hop } from '../hop.ts';
import type { ScreenLimit } from '../text/gsm7.ts';
import type { Authenticity } from './authenticity.ts';

/** A gateway as a codec: its request in our words, our reply in its own. Pure. */
export interface Gateway {
  /** Stable: it is part of every session's key. */
  readonly name: string;
  readonly screen: ScreenLimit;
  /** How it is known that a request is the gateway's. */
  readonly authenticity: Authenticity;
  /** Reads a request; never throws. */
  read(request: GatewayRequest): Incoming;
}

/** A gateway's request, as far as a codec reads it. */
export interface GatewayRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly contentType: string;
  readonly body: string;
}

/** What came in, and how to answer it. What is missing is left empty; whoever reads a hop refuses it then. */
export type Incoming =
  | { readonly kind: 'hop'; readonly hop: Hop; readonly respond: (reply: UssdReply) => GatewayAnswer }
  /** The gateway tells that a session is over. */
  | { readonly kind: 'ended'; readonly notice: EndNotice; readonly answer: GatewayAnswer };

/** A session is over, as the gateway tells it. */
export interface EndNotice {
  readonly sessionId: string;
  /** E.164 with a plus, or empty. */
  readonly phone: string;
  /** `finished` by us; `dropped` by payer, handset or network; `unknown` where the gateway does not tell them apart. */
  readonly outcome: 'finished' | 'dropped' | 'unknown';
  /** The gateway's word for it. */
  readonly status: string;
  readonly hops?: number;
  readonly durationMs?: number;
  /** What the gateway charged: decimal string, with its currency where it tells one. */
  readonly cost?: { readonly amount: string; readonly currency?: string };
}

/** What the gateway reads in our answer. */
export interface GatewayAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export const plainAnswer = (body: string): GatewayAnswer => ({
  status: 200,
  contentType: 'text/plain; charset=utf-8',
  body,
});

export const jsonAnswer = (body: object): GatewayAnswer => ({
  status: 200,
  contentType: 'application/json; charset=utf-8',
  body: JSON.stringify(body),
});
