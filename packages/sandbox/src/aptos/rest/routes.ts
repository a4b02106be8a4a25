import type { HttpResponse } from '@canza/core';
import type { FaultPlan } from '../../faults.ts';
import type { Call, Route } from '../../router.ts';
import type { Chain } from '../chain/chain.ts';
import type { Nodes } from '../nodes.ts';
import {
  getAccount,
  getAccountTransactions,
  getBalance,
  getEvents,
  getModule,
  getModules,
  getResource,
  getResources,
  getTransactionSummaries,
} from './accounts.ts';
import { encodeSubmission } from './encode-submission.ts';
import { getGasPrice } from './gas-price.ts';
import { answeredBy, type NodeHandler, type NodeRequest } from './node-request.ts';
import { numberInQuery } from './parameters.ts';
import { RestError } from './replies.ts';
import { simulate } from './simulate.ts';
import { createSubmit, createSubmitBatch } from './submit.ts';
import { getTableItem } from './tables.ts';
import {
  createWaitByHash,
  getBlockByHeight,
  getBlockByVersion,
  getByHash,
  getByVersion,
  getTransactions,
} from './transactions.ts';
import { view } from './view.ts';

/** Every address of the node's REST API that the emulator answers. Source: docs/sandbox/aptos.md#addresses */
export function nodeRoutes(
  chain: Chain,
  nodes: Nodes,
  faults: FaultPlan,
  strike: (call: Call) => void,
): readonly Route[] {
  const route = (
    method: Route['method'],
    path: string,
    [stage, operation]: readonly [Route['stage'], string],
    handle: NodeHandler,
  ): Route => ({ method, path: `/v1${path}`, stage, operation, handle: answeredBy(chain, nodes, strike, handle) });
  /** History that a node may have thrown away. */
  const kept =
    (handle: NodeHandler): NodeHandler =>
    (request) => {
      if (faults.takeForChain(request.operation, request.request, ['pruned']) === undefined) return handle(request);
      throw new RestError('version_pruned', `Ledger version(${request.snapshot.version}) has been pruned`);
    };
  const account = '/accounts/{address}';
  return [
    route('GET', '', ['query', 'ledger-info'], getLedgerInfo),
    route('GET', '/-/healthy', ['query', 'health'], getHealth),
    route('GET', '/info', ['query', 'info'], ({ reply }) => reply({ bootstrapping_mode: 'ExecuteOrApplyFromGenesis' })),
    route('GET', account, ['query', 'account'], getAccount),
    route('GET', `${account}/resources`, ['query', 'resources'], getResources),
    route('GET', `${account}/resource/{resource_type}`, ['query', 'resource'], getResource),
    route('GET', `${account}/modules`, ['query', 'modules'], getModules),
    route('GET', `${account}/module/{module_name}`, ['query', 'module'], getModule),
    route('GET', `${account}/balance/{asset}`, ['query', 'balance'], getBalance),
    route('GET', `${account}/transactions`, ['query', 'account-transactions'], kept(getAccountTransactions)),
    route('GET', `${account}/transaction_summaries`, ['query', 'transaction-summaries'], kept(getTransactionSummaries)),
    route('GET', `${account}/events/{creation_number}`, ['query', 'events'], getEvents),
    route('GET', `${account}/events/{event_handle}/{field}`, ['query', 'events'], getEvents),
    route('GET', '/transactions', ['query', 'transactions'], kept(getTransactions)),
    route('GET', '/transactions/by_hash/{txn_hash}', ['query', 'by-hash'], kept(getByHash)),
    route('GET', '/transactions/wait_by_hash/{txn_hash}', ['query', 'wait-by-hash'], kept(createWaitByHash(chain))),
    route('GET', '/transactions/by_version/{txn_version}', ['query', 'by-version'], kept(getByVersion)),
    route('POST', '/transactions', ['submit', 'submit'], createSubmit(faults)),
    route('POST', '/transactions/batch', ['submit', 'submit-batch'], createSubmitBatch(faults)),
    route('POST', '/transactions/simulate', ['query', 'simulate'], simulate),
    route('POST', '/transactions/encode_submission', ['setup', 'encode-submission'], encodeSubmission),
    route('POST', '/tables/{table_handle}/item', ['query', 'table-item'], getTableItem),
    route('GET', '/estimate_gas_price', ['query', 'gas-price'], getGasPrice),
    route('POST', '/view', ['query', 'view'], view),
    route('GET', '/blocks/by_height/{block_height}', ['query', 'block'], kept(getBlockByHeight)),
    route('GET', '/blocks/by_version/{version}', ['query', 'block'], kept(getBlockByVersion)),
  ];
}

function getLedgerInfo({ chain, snapshot, reply }: NodeRequest): HttpResponse {
  const { ledger, settings } = chain;
  return reply({
    chain_id: settings.chainId,
    epoch: String(snapshot.epoch),
    ledger_version: String(snapshot.version),
    oldest_ledger_version: String(ledger.oldestVersion),
    ledger_timestamp: String(snapshot.timestampUsec),
    node_role: 'full_node',
    oldest_block_height: String(ledger.oldestBlockHeight),
    block_height: String(snapshot.blockHeight),
    git_hash: '',
  });
}

/** Well as long as its ledger is not older than the caller allows. */
function getHealth({ query, snapshot, chain, reply }: NodeRequest): HttpResponse {
  const seconds = numberInQuery(query, 'duration_secs');
  if (seconds !== undefined && chain.behindMs(snapshot) > seconds * 1_000) {
    throw new RestError(
      'health_check_failed',
      `The latest ledger info timestamp is ${snapshot.timestampUsec}, which is not within ${seconds} seconds`,
    );
  }
  return reply({ message: 'aptos-node:ok' });
}
