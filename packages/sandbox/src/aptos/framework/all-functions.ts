import { faucetFunctions } from '../faucet.ts';
import { liquidswapFunctions } from '../pools/liquidswap.ts';
import { pancakeSwapFunctions } from '../pools/pancake-swap.ts';
import { accountFunctions } from './accounts.ts';
import { codeFunctions } from './code.ts';
import type { MoveFunction } from './function-table.ts';
import { keyRotationFunctions } from './key-rotation.ts';
import { sandboxFunctions } from './sandbox-module.ts';
import { transferFunctions } from './transfers.ts';
import { viewFunctions } from './views.ts';

/** Everything that the emulator runs in the place of a virtual machine. */
export const allFunctions = (): readonly MoveFunction[] => [
  ...transferFunctions(),
  ...accountFunctions(),
  ...keyRotationFunctions(),
  ...codeFunctions(),
  ...pancakeSwapFunctions(),
  ...liquidswapFunctions(),
  ...sandboxFunctions(),
  ...faucetFunctions(),
  ...viewFunctions(),
];
