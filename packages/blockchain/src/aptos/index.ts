/** `@canza/blockchain/aptos`: settlement on Aptos. The SDK is loaded only where a secp256k1 key signs, or `openSdk` of `@canza/blockchain/aptos/sdk` opens it. */

export { type Address, pairedAssetOf, primaryStoreOf } from './address.ts';
export { APTOS_ASSETS, type AssetSetting } from './assets.ts';
export { moveArgument } from './bcs/move-argument.ts';
export { parseTypeTag, type TypeTag } from './bcs/type-tag.ts';
export { AptosClient, type TransactionOptions } from './client/client.ts';
export {
  FailedTransactionError,
  type FailedTransactionReason,
  type OpenTransaction,
  UnsettledTransactionError,
} from './client/errors.ts';
export type { PoolAmount, PoolOperations } from './client/pool-operations.ts';
export type { DepositReceipt, TransactionReceipt } from './client/receipt.ts';
export type { EntryFunctionRequest, TransferRequest } from './client/requests.ts';
export type { SendOptions } from './client/sender.ts';
export type { AccountSettings, AptosSettings } from './config.ts';
export type { ChainEvent } from './fullnode/transaction-answer.ts';
export { type AptosSigner, createSigner } from './keys/signer.ts';
export { aptos } from './network/network.ts';
export { type LiquidswapSettings, liquidswap } from './pools/liquidswap.ts';
export { type PancakeSwapSettings, pancakeSwap } from './pools/pancake-swap.ts';
export type { AptosPool, PoolContext, PoolFactory } from './pools/pool.ts';
export type { GasPrices } from './price.ts';
export type { Simulation } from './simulate.ts';
export type { EntryFunction, RawTransaction, ReplayProtection } from './transaction/raw-transaction.ts';
export { type SignedTransaction, signTransaction } from './transaction/sign.ts';
export type { ViewRequest, ViewValue } from './views.ts';
