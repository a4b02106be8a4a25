import type { HttpRequest } from '@canza/core';
import { createTurnedClock } from '@canza/core/testing';
import { expect, it } from 'vitest';

import { ok, refused, scriptedNode } from '../../../test/support/node-answers.ts';
import { AptosClient } from '../client/client.ts';
import { openSdk } from './open-sdk.ts';

it('the SDK speaks over our transport, reads and refusals, with our key for the node', async () => {
  const seen: HttpRequest[] = [];
  const node = scriptedNode((path, request) => {
    seen.push(request);
    if (path === 'view') return ok(['12345678901234567']);
    return path.startsWith('accounts/') ? refused(404, 'resource_not_found', 'x') : ok({ chain_id: 4 });
  });
  const client = new AptosClient(
    { nodeUrl: 'http://127.0.0.1:8080/v1', privateKey: '5e'.repeat(32), apiKey: 'key-of-the-node' },
    { transport: node.transport, clock: createTurnedClock() },
  );
  const sdk = await openSdk(client);
  expect(await sdk.getLedgerInfo()).toMatchObject({ chain_id: 4 });
  const payload = {
    function: '0x1::coin::balance',
    typeArguments: ['0x1::aptos_coin::AptosCoin'],
    functionArguments: ['0x1'],
  };
  const abi = { typeParameters: [{ constraints: [] }], parameters: [], returnTypes: [] };
  expect(await sdk.view({ payload: { ...payload, abi, functionArguments: [] } as never })).toEqual([
    '12345678901234567',
  ]);
  await expect(sdk.getAccountResource({ accountAddress: '0x1', resourceType: '0x1::a::B' })).rejects.toMatchObject({
    status: 404,
  });
  expect(seen.every(({ headers }) => headers['authorization'] === 'Bearer key-of-the-node')).toBe(true);
  expect(seen.find(({ url }) => url.endsWith('/view'))?.bytes).toBeInstanceOf(Uint8Array);
});

it('nothing but a client of ours is given an SDK', async () => {
  await expect(openSdk({} as AptosClient)).rejects.toMatchObject({ code: 'CONFIG_INVALID', field: 'client' });
});
