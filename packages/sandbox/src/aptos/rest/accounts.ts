import type { HttpResponse } from '@canza/core';

import { addressOfKey, type CellKey, nameOfKey } from '../chain/cells.ts';
import { accountAt } from '../framework/accounts.ts';
import { describeModule } from '../framework/function-table.ts';
import { frameworkResources, type Resource, resourcesOf } from '../framework/resources.ts';
import { primaryBalance } from '../framework/stores.ts';
import { type Address, FRAMEWORK, parseAddress, shortAddress, toHex } from '../move/address.ts';
import { formatType, parseType } from '../move/type-tag.ts';
import { pairedAsset } from '../transaction/hashes.ts';
import { renderCommitted } from '../transaction/json.ts';
import type { NodeRequest } from './node-request.ts';
import { addressParameter, limitOf, numberInQuery, structParameter, versionOf } from './parameters.ts';
import { frameworkError, RestError } from './replies.ts';

const addressOf = ({ params }: NodeRequest): Address => addressParameter(params['address'] ?? '');
const readAt = ({ query, snapshot, chain }: NodeRequest): number => versionOf(query, snapshot, chain.ledger);

export function getAccount(request: NodeRequest): HttpResponse {
  const { chain, reply } = request;
  const address = addressOf(request);
  const version = readAt(request);
  const view = chain.state.at(version);
  if (!chain.settings.isStateless && view.get(address, 'account') === undefined) {
    throw new RestError(
      'account_not_found',
      `Account not found by Address(${shortAddress(address)}) and Ledger version(${version})`,
    );
  }
  const { sequenceNumber, authenticationKey } = accountAt(view, address);
  return reply({ sequence_number: sequenceNumber.toString(), authentication_key: authenticationKey });
}

/** A resource for each cell that stands; with the sequence that its page begins at. */
function resourcesAt({ chain }: NodeRequest, address: Address, version: number): readonly Resource[] {
  const stored = chain.state.keysOf(address).flatMap((key: CellKey) => {
    const cell = chain.state.read(key, version);
    return cell === undefined ? [] : resourcesOf(addressOfKey(key), nameOfKey(key), cell);
  });
  return address === FRAMEWORK ? [...frameworkResources(chain.settings.chainId), ...stored] : stored;
}

const MOST_RESOURCES = 9_999;

/** One page of a list, and where the next begins. */
function pageOf(request: NodeRequest, all: readonly object[]): HttpResponse {
  const { query, reply } = request;
  const limit = limitOf(query, MOST_RESOURCES, MOST_RESOURCES);
  const start = Number.parseInt(query.get('start')?.replace(/^0x/, '') ?? '0', 16) || 0;
  const end = start + limit;
  const cursor = end < all.length ? { 'x-aptos-cursor': `0x${end.toString(16).padStart(8, '0')}` } : {};
  return reply(all.slice(start, end), { headers: cursor });
}

export const getResources = (request: NodeRequest): HttpResponse =>
  pageOf(request, resourcesAt(request, addressOf(request), readAt(request)));

export function getResource(request: NodeRequest): HttpResponse {
  const { params, reply } = request;
  const address = addressOf(request);
  const type = formatType(structParameter(params['resource_type'] ?? '', 'resource_type'));
  const version = readAt(request);
  const resource = resourcesAt(request, address, version).find((each) => each.type === type);
  if (resource !== undefined) return reply(resource);
  throw new RestError(
    'resource_not_found',
    `Resource not found by Address(${shortAddress(address)}), Struct tag(${type}) and Ledger version(${version})`,
  );
}

/** Modules of the framework and the like have no bytes here: what stands in their place is recognisably none. */
const NATIVE_BYTECODE = '0xa11ceb0b';

function moduleAt({ chain }: NodeRequest, address: Address, name: string, version: number): object | undefined {
  const functions = chain.functions.functionsOf(address, name);
  if (functions !== undefined) return { bytecode: NATIVE_BYTECODE, abi: describeModule(address, name, functions) };
  const published = chain.state.at(version).get(address, `module:${name}`);
  if (published === undefined) return undefined;
  return { bytecode: toHex(published.bytecode), abi: describeModule(address, name, []) };
}

export function getModule(request: NodeRequest): HttpResponse {
  const { params, reply } = request;
  const address = addressOf(request);
  const name = params['module_name'] ?? '';
  const version = readAt(request);
  const module = moduleAt(request, address, name, version);
  if (module !== undefined) return reply(module);
  throw new RestError(
    'module_not_found',
    `Module not found by Address(${shortAddress(address)}), Module name(${name}) and Ledger version(${version})`,
  );
}

export function getModules(request: NodeRequest): HttpResponse {
  const { chain } = request;
  const address = addressOf(request);
  const version = readAt(request);
  const published = chain.state
    .keysOf(address)
    .map(nameOfKey)
    .filter((name) => name.startsWith('module:'))
    .map((name) => name.slice('module:'.length));
  const names = [...chain.functions.modulesOf(address), ...published];
  return pageOf(
    request,
    names.flatMap((name) => moduleAt(request, address, name, version) ?? []),
  );
}

/** A bare number, as the node writes it: not one that JavaScript could hold. */
export function getBalance(request: NodeRequest): HttpResponse {
  const { params, chain, reply } = request;
  const address = addressOf(request);
  const text = params['asset'] ?? '';
  const coin = text.includes('::') ? parseType(text) : undefined;
  const asset = coin === undefined ? parseAddress(text) : pairedAsset(formatType(coin));
  if (asset === undefined) throw frameworkError(`failed to parse path \`asset_type\`: ${text}`);
  const balance = primaryBalance(chain.state.at(readAt(request)), address, asset);
  return { ...reply(null), body: balance.toString() };
}

export function getAccountTransactions(request: NodeRequest): HttpResponse {
  const { chain, snapshot, query, reply } = request;
  const address = addressOf(request);
  const limit = limitOf(query);
  const start = numberInQuery(query, 'start') ?? chain.ledger.lastPageStart(address, limit);
  const page = chain.ledger.numberedOf(address, start, limit, snapshot.version);
  return reply(page.map((committed) => renderCommitted(committed, chain.functions)));
}

/** Who sent what and when, numbered or not; the newest come first where no first version is named. */
export function getTransactionSummaries(request: NodeRequest): HttpResponse {
  const { chain, snapshot, query, reply } = request;
  const address = addressOf(request);
  const limit = limitOf(query);
  const from = numberInQuery(query, 'start_version');
  const to = Math.min(numberInQuery(query, 'end_version') ?? Infinity, snapshot.version);
  const end = from === undefined ? 'last' : 'first';
  const sent = chain.ledger.sentBetween(address, { from: from ?? 0, to, limit, end });
  const page = end === 'last' ? sent.toReversed() : sent;
  return reply(
    page.map(({ transaction: { sender, hash, payload, sequenceNumber }, version }) => ({
      sender: shortAddress(sender),
      version: String(version),
      transaction_hash: hash,
      replay_protector:
        payload.nonce === undefined
          ? { SequenceNumber: sequenceNumber.toString() }
          : { Nonce: payload.nonce.toString() },
    })),
  );
}

/** The streams of events that accounts had before modules had events of their own: all of them are empty. */
export function getEvents(request: NodeRequest): HttpResponse {
  const { params, reply } = request;
  const address = addressOf(request);
  limitOf(request.query);
  const field = params['field'];
  if (field === undefined) return reply([]);
  const type = formatType(structParameter(params['event_handle'] ?? '', 'event_handle'));
  const version = readAt(request);
  const resource = resourcesAt(request, address, version).find((each) => each.type === type);
  const place = `Address(${shortAddress(address)}), Struct tag(${type})`;
  if (resource === undefined) {
    throw new RestError('resource_not_found', `Resource not found by ${place} and Ledger version(${version})`);
  }
  if (Object.hasOwn(resource.data, field)) return reply([]);
  throw new RestError(
    'struct_field_not_found',
    `Struct Field not found by ${place}, Field name(${field}) and Ledger version(${version})`,
  );
}
