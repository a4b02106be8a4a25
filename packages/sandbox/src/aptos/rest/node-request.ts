import type { HttpRequest, HttpResponse } from '@canza/core';
import type { Call, Route } from '../../router.ts';
import { headerOf, jsonReply } from '../../wire.ts';
import type { Chain } from '../chain/chain.ts';
import type { Snapshot } from '../chain/ledger.ts';
import type { NodeChoice, Nodes } from '../nodes.ts';
import { errorReply, ledgerHeaders, RestError } from './replies.ts';

/** A request as a node sees it: with the one snapshot that header and body of the answer are read from. */
export interface NodeRequest {
  readonly chain: Chain;
  readonly snapshot: Snapshot;
  readonly node: NodeChoice;
  readonly query: URLSearchParams;
  readonly request: HttpRequest;
  /** What faults are narrowed to. */
  readonly operation: string;
  readonly params: Readonly<Record<string, string>>;
  /** An answer with the headers of the snapshot. */
  readonly reply: (body: unknown, more?: ReplyOptions) => HttpResponse;
  /** Looks at the ledger again, for a question that was held. */
  readonly again: () => NodeRequest;
}

interface ReplyOptions {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

export type NodeHandler = (request: NodeRequest) => HttpResponse | Promise<HttpResponse>;

/** Lets a node answer: chooses which, reads its ledger once, and turns its refusals into answers. */
export const answeredBy =
  (chain: Chain, nodes: Nodes, strike: (call: Call) => void, handle: NodeHandler): Route['handle'] =>
  async (call) => {
    chain.catchUp();
    strike(call);
    const node = nodes.choose(call);
    const request = seenBy(chain, nodes, node, call);
    try {
      if (call.stage !== 'submit' && wantsBcs(call.request)) {
        throw new RestError('bcs_not_supported', 'The emulator answers this in JSON alone');
      }
      return await handle(request);
    } catch (error) {
      if (!(error instanceof RestError)) throw error;
      return errorReply(error, ledgerHeaders(request.snapshot, chain.ledger, chain.settings.chainId));
    }
  };

function seenBy(chain: Chain, nodes: Nodes, node: NodeChoice, call: Call): NodeRequest {
  const snapshot = nodes.snapshotOf(node);
  return {
    chain,
    snapshot,
    node,
    query: call.url.searchParams,
    request: call.request,
    operation: call.operation,
    params: call.params,
    reply: (body, { status = 200, headers = {} } = {}) =>
      jsonReply(status, body, { ...ledgerHeaders(snapshot, chain.ledger, chain.settings.chainId), ...headers }),
    again: () => seenBy(chain, nodes, node, call),
  };
}

/** Whether the caller wants Binary Canonical Serialization back. */
export const wantsBcs = (request: HttpRequest): boolean =>
  (headerOf(request, 'accept') ?? '').includes('application/x-bcs');
