import { InvalidRequestError } from '@canza/core';

import { type Controlled, textField } from '../control/control.ts';
import type { JsonFields } from '../wire.ts';
import type { AptosEmulator } from './emulator.ts';
import { type Address, APT, parseAddress } from './move/address.ts';
import { APTOS_ASSETS, type AptosNodeSettings } from './settings.ts';

/** Where a client finds node, faucet and indexer. */
export interface AptosAddresses {
  readonly nodeUrl: string;
  readonly faucetUrl: string;
  readonly indexerUrl: string;
}

/** What of the chain can be watched and steered from outside. */
export function controlAptos(emulator: AptosEmulator, addresses: () => AptosAddresses): Controlled {
  const { books, chain, settings } = emulator;
  return {
    name: emulator.name,
    get settings() {
      return {
        ...addresses(),
        chainId: String(settings.chainId),
        usdc: APTOS_ASSETS.usdc,
        lzUsdc: APTOS_ASSETS.lzUsdc,
      };
    },
    faults: emulator.faults,
    books: () => ({ movements: books.movements() }),
    commands: {
      'produce-block': () => ({ committed: chain.produceBlock() }),
      stop: () => chain.stop(),
      resume: () => chain.resume(),
      'set-ahead': (fields) => chain.setAhead(numberField(fields, 'aheadMs')),
      'set-floor-price': (fields) => chain.setFloorPrice(unitsField(fields, 'octas')),
      'set-newest-first': (fields) => chain.setNewestFirst(fields['newestFirst'] === true),
      'set-indexer-lag': (fields) => chain.setIndexerLag(numberField(fields, 'lagMs')),
      'set-nodes': (fields) => chain.setNodes(nodesField(fields)),
      drop: (fields) => ({ dropped: chain.drop(addressField(fields, 'hash')) }),
      mint: (fields) => chain.mint(assetField(fields), addressField(fields, 'to'), unitsField(fields, 'amountMinor')),
      freeze: (fields) => chain.setFrozen(assetField(fields), addressField(fields, 'owner'), true),
      thaw: (fields) => chain.setFrozen(assetField(fields), addressField(fields, 'owner'), false),
      balance: (fields) => ({ amountMinor: books.balanceMinor(addressField(fields, 'owner'), assetField(fields)) }),
    },
  };
}

function addressField(fields: JsonFields, name: string): Address {
  const parsed = parseAddress(textField(fields, name));
  if (parsed !== undefined) return parsed;
  throw new InvalidRequestError({ field: name, expected: 'an address: 0x and up to 64 hex digits' });
}

/** `usdc`, an address, or APT when left out. */
function assetField(fields: JsonFields): Address {
  const named = fields['asset'];
  if (named === undefined) return APT;
  const known = Object.entries(APTOS_ASSETS).find(([name]) => name === named);
  return known?.[1] ?? addressField(fields, 'asset');
}

/** `{"nodes":[{"name":"near","lagMs":0},{"name":"far","lagMs":3000}]}` */
function nodesField({ nodes }: JsonFields): readonly AptosNodeSettings[] {
  const list = Array.isArray(nodes) ? (nodes as readonly JsonFields[]) : [];
  if (list.length === 0) throw new InvalidRequestError({ field: 'nodes', expected: 'one node or more' });
  return list.map((node) => ({ name: textField(node, 'name'), lagMs: numberField(node, 'lagMs') }));
}

function numberField(fields: JsonFields, name: string): number {
  const value = Number(fields[name]);
  if (fields[name] !== undefined && Number.isFinite(value)) return value;
  throw new InvalidRequestError({ field: name, expected: 'a number' });
}

function unitsField(fields: JsonFields, name: string): bigint {
  const text = String(fields[name]);
  if (/^\d{1,20}$/.test(text)) return BigInt(text);
  throw new InvalidRequestError({ field: name, expected: 'a whole number of smallest units' });
}
