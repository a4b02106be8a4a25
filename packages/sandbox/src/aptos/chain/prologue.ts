import { accountAt } from '../framework/accounts.ts';
import { primaryBalance } from '../framework/stores.ts';
import { type Address, APT } from '../move/address.ts';
import type { AccountAuthenticator } from '../transaction/authenticator.ts';
import { payerOf, type SignedTransaction } from '../transaction/signed-transaction.ts';
import { authenticationKeyOf } from '../transaction/verify.ts';
import type { GasSchedule } from './gas.ts';
import type { NonceTable } from './nonces.ts';
import type { StateView } from './state.ts';
import type { StatusName } from './status-codes.ts';

/** What a transaction is judged against. */
export interface PrologueContext {
  readonly view: StateView;
  readonly nonces: NonceTable;
  readonly schedule: GasSchedule;
  readonly chainId: number;
  /** Ledger time, floored. */
  readonly nowSeconds: bigint;
  /** How far ahead the expiry of a transaction with a nonce may lie. */
  readonly orderlessSeconds: bigint;
}

const LARGEST_SEQUENCE_NUMBER = (1n << 63n) - 1n;

/**
 * Why a transaction is not to run, in the order in which the chain looks; signatures were looked at before.
 * `SEQUENCE_NUMBER_TOO_NEW` is among it, which on submission means that it waits.
 */
export function checkPrologue(transaction: SignedTransaction, context: PrologueContext): StatusName | undefined {
  const { view, nowSeconds, chainId } = context;
  const { expirationSeconds, maxGasAmount, gasUnitPrice } = transaction;
  const refusal = checkForm(transaction, context.schedule);
  if (refusal !== undefined) return refusal;
  if (nowSeconds >= expirationSeconds) return 'TRANSACTION_EXPIRED';
  if (transaction.chainId !== chainId) return 'BAD_CHAIN_ID';
  return (
    checkKeys(transaction, view) ??
    checkReplay(transaction, context) ??
    (primaryBalance(view, payerOf(transaction), APT) < maxGasAmount * gasUnitPrice
      ? 'INSUFFICIENT_BALANCE_FOR_TRANSACTION_FEE'
      : undefined)
  );
}

function checkForm(
  { sizeBytes, maxGasAmount, gasUnitPrice, payload }: SignedTransaction,
  schedule: GasSchedule,
): StatusName | undefined {
  if (sizeBytes > schedule.largestTransactionBytes) return 'EXCEEDED_MAX_TRANSACTION_SIZE';
  if (maxGasAmount > schedule.maximumUnits) return 'MAX_GAS_UNITS_EXCEEDS_MAX_GAS_UNITS_BOUND';
  if (maxGasAmount < schedule.minimumUnits) return 'MAX_GAS_UNITS_BELOW_MIN_TRANSACTION_GAS_UNITS';
  if (gasUnitPrice < schedule.minimumPrice) return 'GAS_UNIT_PRICE_BELOW_MIN_BOUND';
  if (gasUnitPrice > schedule.maximumPrice) return 'GAS_UNIT_PRICE_ABOVE_MAX_BOUND';
  if (payload.multisigAddress !== undefined) return 'ACCOUNT_NOT_MULTISIG';
  return payload.executable.kind === 'empty' ? 'EMPTY_PAYLOAD_PROVIDED' : undefined;
}

function checkKeys({ sender, authenticator }: SignedTransaction, view: StateView): StatusName | undefined {
  const { secondaries, secondaryAddresses, feePayer } = authenticator;
  if (secondaries.length !== secondaryAddresses.length) return 'SECONDARY_KEYS_ADDRESSES_COUNT_MISMATCH';
  if (secondaries.length > 0 && new Set([sender, ...secondaryAddresses]).size <= secondaries.length) {
    return 'SIGNERS_CONTAIN_DUPLICATES';
  }
  const isOwn = (address: Address, signer: AccountAuthenticator): boolean => {
    const key = authenticationKeyOf(signer);
    return key === undefined || key === accountAt(view, address).authenticationKey;
  };
  if (!isOwn(sender, authenticator.sender)) return 'INVALID_AUTH_KEY';
  for (const [index, address] of secondaryAddresses.entries()) {
    const signer = secondaries[index];
    if (signer !== undefined && !isOwn(address, signer)) return 'INVALID_AUTH_KEY';
  }
  return feePayer === undefined || isOwn(feePayer.address, feePayer.authenticator) ? undefined : 'INVALID_AUTH_KEY';
}

function checkReplay(
  { sender, sequenceNumber, expirationSeconds, payload }: SignedTransaction,
  { view, nonces, nowSeconds, orderlessSeconds }: PrologueContext,
): StatusName | undefined {
  if (payload.nonce !== undefined) {
    if (expirationSeconds > nowSeconds + orderlessSeconds) return 'TRANSACTION_EXPIRATION_TOO_FAR_IN_FUTURE';
    return nonces.isFree(sender, payload.nonce, expirationSeconds, nowSeconds) ? undefined : 'NONCE_ALREADY_USED';
  }
  if (sequenceNumber > LARGEST_SEQUENCE_NUMBER) return 'SEQUENCE_NUMBER_TOO_BIG';
  const next = accountAt(view, sender).sequenceNumber;
  if (sequenceNumber < next) return 'SEQUENCE_NUMBER_TOO_OLD';
  return sequenceNumber > next ? 'SEQUENCE_NUMBER_TOO_NEW' : undefined;
}
