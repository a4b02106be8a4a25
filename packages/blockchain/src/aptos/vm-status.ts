import type { Abort, AbortReason } from '@canza/core';
import { redactText } from '@canza/core';

import { readNodeAddress, shortAddress } from './address.ts';

/** `Move abort in 0x1::fungible_asset: EINSUFFICIENT_BALANCE(0x10004): Insufficient …`, with or without name and words. */
const MOVE_ABORT = /^Move abort in (0x[0-9a-fA-F]+)::(\w+): (?:\w+\()?0x([0-9a-fA-F]+)\)?/;

/** Aborts that we know, by module and code. Source: docs/providers/aptos.md#vm_status */
const ABORTS: ReadonlyMap<string, AbortReason> = new Map([
  ['0x1::fungible_asset/0x50003', 'recipient-refused'],
  ['0x1::fungible_asset/0x10004', 'insufficient-balance'],
  ['0x1::coin/0x10006', 'insufficient-balance'],
  ['0x1::coin/0x5000a', 'recipient-refused'],
  ['0x1::aptos_account/0x50003', 'recipient-refused'],
]);

const STATUSES: ReadonlyMap<string, AbortReason> = new Map([
  ['Out of gas', 'out-of-gas'],
  ['OUT_OF_GAS', 'out-of-gas'],
  ['EXECUTION_LIMIT_REACHED', 'out-of-gas'],
  ['IO_LIMIT_REACHED', 'out-of-gas'],
  ['STORAGE_LIMIT_REACHED', 'out-of-gas'],
]);

const NO_POOLS: ReadonlySet<string> = new Set();

/**
 * Why a transaction was carried out and came to nothing, from its `vm_status`. Pure. Which of several recipients refused, or
 * whether it was the sender who is frozen, the status does not say.
 * @param boundAborts Those of the configured pools: a bound that was not met.
 * Source: docs/providers/aptos.md#vm_status
 */
export function classifyVmStatus(vmStatus: string, boundAborts: ReadonlySet<string> = NO_POOLS): Abort {
  const detail = redactText(vmStatus);
  const [, address, module = '', code = ''] = MOVE_ABORT.exec(vmStatus) ?? [];
  if (address === undefined) {
    const [line = ''] = vmStatus.split('\n');
    return { reason: STATUSES.get(line) ?? 'contract-refused', code: redactText(line), detail };
  }
  const at = readNodeAddress(address);
  const where = `${at === undefined ? address : shortAddress(at)}::${module}`;
  const key = `${where}/0x${code.toLowerCase()}`;
  return { reason: ABORTS.get(key) ?? (boundAborts.has(key) ? 'slippage' : 'contract-refused'), code: key, detail };
}
