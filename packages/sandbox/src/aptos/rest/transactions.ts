import type { HttpResponse } from '@canza/core';
import type { Chain } from '../chain/chain.ts';
import type { Block, CommittedTransaction, Snapshot } from '../chain/ledger.ts';
import type { Address } from '../move/address.ts';
import { EVERY_NODE } from '../nodes.ts';
import { renderCommitted, renderPending } from '../transaction/json.ts';
import { renderEpilogue, renderGenesis, renderMetadata } from '../transaction/system-json.ts';
import type { NodeRequest } from './node-request.ts';
import { hashParameter, limitOf, numberInPath, numberInQuery } from './parameters.ts';
import { RestError } from './replies.ts';

/** What a node knows of a hash: its mempool first, then its ledger. */
function lookUp({ chain, snapshot, node }: NodeRequest, hash: Address): 'pending' | CommittedTransaction | undefined {
  const committed = chain.ledger.byHash(hash);
  if (committed !== undefined && committed.version <= snapshot.version) return committed;
  const waits = committed === undefined ? chain.pending(hash)?.nodes : committed.nodes;
  return waits?.has(node.name) === true || waits?.has(EVERY_NODE) === true ? 'pending' : undefined;
}

function replyFor(request: NodeRequest, hash: Address): HttpResponse {
  const { chain, reply } = request;
  const found = lookUp(request, hash);
  if (found === undefined) {
    throw new RestError('transaction_not_found', `Transaction not found by Transaction hash(${hash})`);
  }
  if (found !== 'pending') return reply(renderCommitted(found, chain.functions));
  const transaction = chain.mempool.get(hash)?.transaction ?? chain.ledger.byHash(hash)?.transaction;
  if (transaction === undefined) throw new RestError('internal_error', 'The transaction went while it was looked at.');
  return reply({ ...renderPending(transaction, chain.functions), type: 'pending_transaction' });
}

export const getByHash = (request: NodeRequest): HttpResponse =>
  replyFor(request, hashParameter(request.params['txn_hash'] ?? ''));

/** Holds the question while the transaction waits: one that is not known is answered at once. */
export function createWaitByHash({ settings: { longPollMs, mostLongPolls } }: Chain) {
  let held = 0;
  return async (request: NodeRequest): Promise<HttpResponse> => {
    const hash = hashParameter(request.params['txn_hash'] ?? '');
    if (lookUp(request, hash) !== 'pending' || held >= mostLongPolls) return replyFor(request, hash);
    held += 1;
    try {
      await request.chain.leaving(hash, longPollMs);
    } finally {
      held -= 1;
    }
    return replyFor(request.again(), hash);
  };
}

/** Whatever stands at a version. */
function renderVersion(chain: Chain, block: Block, version: number): object {
  if (block.height === 0) return renderGenesis(block);
  if (version === block.firstVersion) return renderMetadata(block);
  const committed = block.transactions[version - block.firstVersion - 1];
  return committed === undefined ? renderEpilogue(block) : renderCommitted(committed, chain.functions);
}

function blockOf(chain: Chain, snapshot: Snapshot, version: number): Block {
  if (version > snapshot.version) {
    throw new RestError('transaction_not_found', `Transaction not found by Ledger version(${version})`);
  }
  const block = chain.ledger.blockOfVersion(version);
  if (block === undefined) throw new RestError('version_pruned', `Ledger version(${version}) has been pruned`);
  return block;
}

export function getByVersion({ chain, snapshot, params, reply }: NodeRequest): HttpResponse {
  const version = numberInPath(params['txn_version'] ?? '', 'txn_version');
  return reply(renderVersion(chain, blockOf(chain, snapshot, version), version));
}

export function getTransactions({ chain, snapshot, query, reply }: NodeRequest): HttpResponse {
  const limit = limitOf(query);
  const start = numberInQuery(query, 'start');
  if (start !== undefined && start > snapshot.version) {
    throw new RestError(
      'invalid_input',
      `Given start value (${start}) is higher than the current ledger version, it must be < ${snapshot.version}`,
    );
  }
  const from = start ?? Math.max(chain.ledger.oldestVersion, snapshot.version - limit + 1);
  const count = Math.min(limit, snapshot.version - from + 1);
  return reply(
    Array.from({ length: count }, (_, index) =>
      renderVersion(chain, blockOf(chain, snapshot, from + index), from + index),
    ),
  );
}

function renderBlock({ chain, query, reply }: NodeRequest, block: Block): HttpResponse {
  const isFull = query.get('with_transactions') === 'true';
  const versions = block.lastVersion - block.firstVersion + 1;
  return reply({
    block_height: String(block.height),
    block_hash: renderMetadata(block).id,
    block_timestamp: String(block.timestampUsec),
    first_version: String(block.firstVersion),
    last_version: String(block.lastVersion),
    transactions: isFull
      ? Array.from({ length: versions }, (_, index) => renderVersion(chain, block, block.firstVersion + index))
      : null,
  });
}

export function getBlockByHeight(request: NodeRequest): HttpResponse {
  const { chain, snapshot, params } = request;
  const height = numberInPath(params['block_height'] ?? '', 'block_height');
  if (height > snapshot.blockHeight) {
    throw new RestError('block_not_found', `Block not found by Block height(${height})`);
  }
  const block = chain.ledger.blockAt(height);
  if (block === undefined) throw new RestError('block_pruned', `Block(${height}) has been pruned`);
  return renderBlock(request, block);
}

export function getBlockByVersion(request: NodeRequest): HttpResponse {
  const { chain, snapshot, params } = request;
  const version = numberInPath(params['version'] ?? '', 'version');
  if (version > snapshot.version) {
    throw new RestError('version_not_found', `Ledger version not found by Ledger version(${version})`);
  }
  return renderBlock(request, blockOf(chain, snapshot, version));
}
