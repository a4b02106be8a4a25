/** `@canza/sandbox/aptos`: an Aptos fullnode, its faucet and the chain behind it, offline. */

export type { AptosBooks, AptosMovement } from './books.ts';
export type { CommittedTransaction as AptosCommittedTransaction, Snapshot as AptosSnapshot } from './chain/ledger.ts';
export type { AptosChainControls } from './controls.ts';
export { type AptosEmulator, createAptosEmulator } from './emulator.ts';
export { type Address as AptosAddress, parseAddress as parseAptosAddress } from './move/address.ts';
export { APTOS_LOCAL_PORTS, type AptosServer, type AptosServerOptions, startAptosServer } from './server.ts';
export {
  APTOS_ASSETS,
  type AptosAssetSettings,
  type AptosEmulatorOptions,
  type AptosNodeSettings,
  type AptosSettings,
} from './settings.ts';
export { primaryStore as aptosPrimaryStore } from './transaction/hashes.ts';
