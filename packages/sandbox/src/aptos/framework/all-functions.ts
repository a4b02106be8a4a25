import { faucetFunctions } from '../faucet.ts';
import { accountFunctions } from './accounts.ts';
import type { MoveFunction } from './function-table.ts';
import { transferFunctions } from './transfers.ts';
import { viewFunctions } from './views.ts';

/** Everything that the emulator runs in the place of a virtual machine. */
export const allFunctions = (): readonly MoveFunction[] => [
  ...transferFunctions(),
  ...accountFunctions(),
  ...faucetFunctions(),
  ...viewFunctions(),
];
