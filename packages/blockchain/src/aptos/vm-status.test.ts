import { describe, expect, it } from 'vitest';

import { classifyVmStatus } from './vm-status.ts';

const POOL = `0xc7${'ef'.repeat(31)}`;

describe('a status of the virtual machine', () => {
  it.each([
    [
      'Move abort in 0x1::fungible_asset: EINSUFFICIENT_BALANCE(0x10004): Insufficient balance to withdraw or transfer.',
      'insufficient-balance',
    ],
    ['Move abort in 0x1::fungible_asset: 0x10004', 'insufficient-balance'],
    [
      'Move abort in 0x1::coin: EINSUFFICIENT_BALANCE(0x10006): Not enough coins to complete transaction',
      'insufficient-balance',
    ],
    [
      'Move abort in 0x1::fungible_asset: ESTORE_IS_FROZEN(0x50003): Store is disabled from sending and receiving this fungible asset.',
      'recipient-refused',
    ],
    ['Move abort in 0x1::coin: 0x5000A', 'recipient-refused'],
    [
      'Move abort in 0x1::aptos_account: EACCOUNT_DOES_NOT_ACCEPT_DIRECT_COIN_TRANSFERS(0x50003): x',
      'recipient-refused',
    ],
    ['Move abort in 0x1::aptos_account: EMISMATCHING_RECIPIENTS_AND_AMOUNTS_LENGTH(0x10005): x', 'contract-refused'],
    ['Out of gas', 'out-of-gas'],
    ['IO_LIMIT_REACHED', 'out-of-gas'],
    ['LINKER_ERROR', 'contract-refused'],
    [`Move abort in ${POOL}::router: E_OUTPUT_LESS_THAN_MIN(0x0): x`, 'slippage'],
    [`Move abort in ${POOL}::router: 0x0`, 'slippage'],
    [`Move abort in ${POOL}::router: E_PAIR_NOT_CREATED(0x4): x`, 'contract-refused'],
    [`Move abort in ${POOL}::swap: 0x0`, 'contract-refused'],
    [
      `Move abort in ${POOL}::fungible_asset: ESTORE_IS_FROZEN(0x50003): not the framework’s module`,
      'contract-refused',
    ],
    ['Execution failed in 0x1::coin::transfer at code offset 2', 'contract-refused'],
    ['constructor', 'contract-refused'],
  ])('%s', (status, reason) => {
    expect(classifyVmStatus(status, new Set([`${POOL}::router/0x0`]))).toMatchObject({ reason });
  });

  it('is named by module and code', () => {
    expect(classifyVmStatus('Move abort in 0x0000001::coin: EX(0x1000A): words').code).toBe('0x1::coin/0x1000a');
    expect(classifyVmStatus('LINKER_ERROR\nExecution failed with message: x').code).toBe('LINKER_ERROR');
  });
});
