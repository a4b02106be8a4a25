import type { HttpResponse } from '@canza/core';
import { ORIGINATING_TABLE } from '../framework/accounts.ts';
import { parseAddress, shortAddress } from '../move/address.ts';
import { readJsonBody } from './json-body.ts';
import type { NodeRequest } from './node-request.ts';
import { addressParameter, versionOf } from './parameters.ts';
import { RestError } from './replies.ts';

/** Items of tables: the one that is kept tells from which address a rotated key came. */
export function getTableItem({ chain, params, query, snapshot, request, reply }: NodeRequest): HttpResponse {
  const handle = addressParameter(params['table_handle'] ?? '', 'table_handle');
  const { key } = readJsonBody(request.body ?? '');
  const version = versionOf(query, snapshot, chain.ledger);
  const authenticationKey = typeof key === 'string' ? parseAddress(key) : undefined;
  const origin =
    handle === ORIGINATING_TABLE && authenticationKey !== undefined
      ? chain.state.at(version).get(authenticationKey, 'origin')
      : undefined;
  if (origin !== undefined) return reply(shortAddress(origin.address));
  const asked = typeof key === 'string' ? key : JSON.stringify(key);
  throw new RestError(
    'table_item_not_found',
    `Table Item not found by Table handle(${shortAddress(handle)}), Table key(${asked}) and Ledger version(${version})`,
  );
}
