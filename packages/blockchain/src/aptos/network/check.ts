import { type CallOptions, ConfigError } from '@canza/core';

import { readAccount } from '../account.ts';
import type { AptosAsset } from '../assets.ts';
import type { AptosConfig } from '../config.ts';
import { unexpected } from '../fullnode/answer.ts';
import type { Fullnode } from '../fullnode/fullnode.ts';
import type { AptosSigner } from '../keys/signer.ts';
import { snapshotOf } from '../ledger.ts';
import { decimalsOf, pairedMetadataOf } from '../views.ts';

/**
 * Checks with the node that it is the configured chain, that each key opens its account, and that each asset has the configured decimals.
 * @returns The assets, a coin's with the metadata that the chain itself pairs it with.
 * @throws ConfigError naming the setting; TransportError and its like while the node cannot be asked.
 */
export async function checkConfiguration(
  fullnode: Fullnode,
  config: AptosConfig,
  options?: CallOptions,
): Promise<readonly AptosAsset[]> {
  await checkChain(fullnode, config, options);
  const signers = [...config.senders.values(), ...(config.feePayer === undefined ? [] : [config.feePayer])];
  await Promise.all(signers.map((signer) => checkKey(fullnode, signer, options)));
  return Promise.all(config.assets.map((asset) => checkAsset(fullnode, asset, options)));
}

async function checkChain(fullnode: Fullnode, { chainId }: AptosConfig, options?: CallOptions): Promise<void> {
  const answer = await fullnode.ask({ method: 'GET', path: '' }, options);
  if (answer.ledger === undefined) throw unexpected(answer, 'no ledger headers: is this a fullnode’s address?');
  if (answer.ledger.chainId !== chainId) {
    throw new ConfigError({
      field: 'aptos.nodeUrl',
      expected: `a node of chain ${chainId}; the one given is of chain ${answer.ledger.chainId}`,
    });
  }
  snapshotOf(answer);
}

async function checkKey(fullnode: Fullnode, signer: AptosSigner, options?: CallOptions): Promise<void> {
  if (signer.authenticationKey === undefined) return;
  const { authenticationKey } = await readAccount(fullnode, signer.address, options);
  if (authenticationKey !== signer.authenticationKey) {
    throw new ConfigError({
      field: 'aptos.privateKey',
      expected: `the key of ${signer.address}: that account has another authentication key`,
    });
  }
}

async function checkAsset(fullnode: Fullnode, asset: AptosAsset, options?: CallOptions): Promise<AptosAsset> {
  const decimals = await decimalsOf(fullnode, asset, options);
  if (decimals !== asset.decimals) {
    throw new ConfigError({
      field: `aptos.assets.${asset.currency}.decimals`,
      expected: `${decimals}, which is what the chain has for it`,
    });
  }
  if (asset.kind !== 'coin') return asset;
  const metadata = await pairedMetadataOf(fullnode, asset.id, options);
  return metadata === undefined ? asset : { ...asset, metadata };
}
