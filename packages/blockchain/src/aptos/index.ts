/** `@canza/blockchain/aptos`: settlement on Aptos. The SDK is loaded only where a secp256k1 key signs. */

export { type Address, pairedAssetOf, primaryStoreOf } from './address.ts';
export { moveArgument } from './bcs/move-argument.ts';
export { parseTypeTag, type TypeTag } from './bcs/type-tag.ts';
export { type AptosSigner, createSigner } from './keys/signer.ts';
export type { EntryFunction, RawTransaction, ReplayProtection } from './transaction/raw-transaction.ts';
export { type SignedTransaction, signTransaction } from './transaction/sign.ts';
