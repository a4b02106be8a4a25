import { type Abort, type CallOptions, type NetworkCall, PaymentError } from '@canza/core';

import { type Address, parseAddress } from '../address.ts';
import type { AptosAsset } from '../assets.ts';
import type { Fullnode } from '../fullnode/fullnode.ts';
import { isFrozen } from '../views.ts';
import { sentAsset } from './calls.ts';

/** Aborts of a store that may be frozen: the status names neither the store nor its owner. */
const FROZEN: ReadonlySet<string> = new Set(['0x1::fungible_asset/0x50003', '0x1::coin/0x5000a']);
/** Questions under way at the same time. */
const AT_ONCE = 8;

/**
 * Says whose store is frozen, where the chain can be asked: the sender's, or that of the first frozen recipient. Where it cannot, the abort stays as
 * general as it was.
 */
export async function explainAbort(
  fullnode: Fullnode,
  assets: readonly AptosAsset[],
  abort: Abort,
  call: NetworkCall,
  sender: Address,
  options?: CallOptions,
): Promise<Abort> {
  if (call.kind !== 'transfers' || abort.reason !== 'recipient-refused') return abort;
  if (!FROZEN.has(abort.code)) return call.transfers.length === 1 ? { ...abort, transfer: 0 } : abort;
  try {
    const asset = sentAsset(assets, call.asset);
    if (await isFrozen(fullnode, asset, sender, options)) return { ...abort, reason: 'sender-refused' };
    const transfer = await firstFrozen(fullnode, asset, call.transfers, options);
    return transfer === undefined ? abort : { ...abort, transfer };
  } catch (error) {
    if (PaymentError.isInstance(error)) return abort;
    throw error;
  }
}

async function firstFrozen(
  fullnode: Fullnode,
  asset: AptosAsset,
  transfers: readonly { readonly to: string }[],
  options?: CallOptions,
): Promise<number | undefined> {
  for (let start = 0; start < transfers.length; start += AT_ONCE) {
    const some = transfers.slice(start, start + AT_ONCE);
    const frozen = await Promise.all(
      some.map(({ to }) => isFrozen(fullnode, asset, parseAddress(to, 'call.transfers.to'), options)),
    );
    const found = frozen.indexOf(true);
    if (found >= 0) return start + found;
  }
  return undefined;
}
