import { inspect } from 'node:util';

import { ConfigError } from '@canza/core';
import { describe, expect, it } from 'vitest';

import type { AptosSettings } from './config.ts';
import { parseAptosConfig } from './config.ts';
import { aptos } from './network/network.ts';
import { pancakeSwap } from './pools/pancake-swap.ts';

const SECRET = '5e'.repeat(32);
const OTHER = '6f'.repeat(32);
const SETTINGS: AptosSettings = {
  nodeUrl: 'http://127.0.0.1:8080/v1/',
  privateKey: `ed25519-priv-0x${SECRET}`,
  assets: { APT: { coin: '0x1::aptos_coin::AptosCoin', decimals: 8 }, USD: { fungibleAsset: '0xa', decimals: 8 } },
};

function problemOf(settings: object): ConfigError {
  try {
    aptos(settings as AptosSettings);
  } catch (error) {
    if (ConfigError.isInstance(error)) return error;
    throw error;
  }
  throw new Error('It was accepted.');
}

describe('settings', () => {
  it('are completed', () => {
    expect(parseAptosConfig(SETTINGS)).toMatchObject({
      name: 'aptos-4',
      nodeUrls: ['http://127.0.0.1:8080/v1'],
      chainId: 4,
      orderless: false,
      expirySeconds: 60,
      maxBatchSize: 100,
      maxGasUnitPrice: 1000n,
      headers: {},
    });
    const mainnet = { ...SETTINGS, nodeUrl: ['https://api.mainnet.aptoslabs.com/v1'], apiKey: 'k' };
    expect(parseAptosConfig(mainnet)).toMatchObject({ name: 'aptos-mainnet', chainId: 1 });
  });

  it.each([
    ['no address', { nodeUrl: 'ftp://x' }, 'aptos.nodeUrl'],
    ['a node of unknown chain', { nodeUrl: 'https://node.example/v1' }, 'aptos.chainId'],
    [
      'nodes of two chains',
      { nodeUrl: ['http://localhost/v1', 'https://api.mainnet.aptoslabs.com/v1'] },
      'aptos.chainId',
    ],
    ['mainnet without TLS', { nodeUrl: 'http://node.example/v1', chainId: 1 }, 'aptos.nodeUrl'],
    ['no key', { privateKey: undefined }, 'aptos.privateKey'],
    ['a key that is cut', { privateKey: SECRET.slice(1) }, 'aptos.privateKey'],
    ['two ways to a key', { senders: [{ privateKey: OTHER }] }, 'aptos.privateKey'],
    [
      'an account listed twice',
      { privateKey: undefined, senders: [{ privateKey: OTHER }, { privateKey: OTHER }] },
      'aptos.senders.1',
    ],
    ['a fee payer who is the sender', { feePayer: { privateKey: SECRET } }, 'aptos.feePayer'],
    [
      'an asset of both kinds',
      { assets: { USD: { coin: '0x1::a::B', fungibleAsset: '0xa', decimals: 6 } } },
      'aptos.assets.USD',
    ],
    ['a type that is none', { assets: { USD: { coin: 'usd', decimals: 6 } } }, 'aptos.assets.USD.coin'],
    [
      'metadata that is cut',
      { assets: { USD: { fungibleAsset: '0xbae2', decimals: 6 } } },
      'aptos.assets.USD.fungibleAsset',
    ],
    ['a long life for nonces', { replayProtection: 'orderless', expirySeconds: 61 }, 'aptos.expirySeconds'],
    ['a setting that does not exist', { nodeUrls: [] }, 'aptos.nodeUrls'],
    ['a pool of an asset that is no coin', { pools: { P: pancakeSwap({ x: 'APT', y: 'USD' }) } }, 'aptos.pools.P.y'],
    ['a secp256k1 key beyond its order', { privateKey: `secp256k1-priv-0x${'ff'.repeat(32)}` }, 'aptos.privateKey'],
  ])('with %s are refused by name, and no key is shown', (_what, change, field) => {
    const problem = problemOf({ ...SETTINGS, ...change });
    expect(problem.field).toBe(field);
    const shown = inspect(problem, { depth: 9, showHidden: true }) + JSON.stringify(problem);
    for (const secret of [SECRET, OTHER, SECRET.slice(1)]) expect(shown).not.toContain(secret);
  });
});
