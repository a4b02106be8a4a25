import { BcsError } from '../bcs/reader.ts';
import { MoveAbort, statusAbort, unknownAbort } from '../framework/aborts.ts';
import { accountAt } from '../framework/accounts.ts';
import type { CallContext, ModuleEvent, Movement } from '../framework/call.ts';
import type { FunctionTable } from '../framework/function-table.ts';
import { type Address, APT, FRAMEWORK } from '../move/address.ts';
import { type MoveType, substitute } from '../move/type-tag.ts';
import { type MoveValue, readArgument } from '../move/values.ts';
import { primaryStore } from '../transaction/hashes.ts';
import type { EntryFunction } from '../transaction/payload.ts';
import { payerOf, type SignedTransaction } from '../transaction/signed-transaction.ts';
import { type Charge, GasMeter, type GasSchedule } from './gas.ts';
import { Session } from './session.ts';
import type { VersionedState } from './state.ts';

export interface ExecutionContext {
  readonly state: VersionedState;
  /** What was written up to this version is seen. */
  readonly version: number;
  readonly functions: FunctionTable;
  readonly schedule: GasSchedule;
  readonly chainId: number;
  readonly timestampUsec: number;
  readonly blockHeight: number;
}

/** What became of a transaction that ran; whether it committed is up to the caller. */
export interface Execution {
  readonly isSuccess: boolean;
  readonly vmStatus: string;
  readonly charge: Charge;
  readonly events: readonly ModuleEvent[];
  /** What it moved, its fee apart. */
  readonly movements: readonly Movement[];
  readonly payer: Address;
  /** Octas: what it paid, and what it got back for storage that it freed. */
  readonly feeOctas: bigint;
  readonly refundOctas: bigint;
  readonly session: Session;
}

/** Something to go wrong in place of what the code would do. */
export type ForcedEnd = 'abort' | 'out-of-gas';

const SUCCESS = 'Executed successfully';

/** Runs a transaction that the prologue let through. Writes nothing: the session holds what is to be written. */
export function execute(transaction: SignedTransaction, context: ExecutionContext, forced?: ForcedEnd): Execution {
  const { state, version, schedule } = context;
  const session = new Session(state, version);
  const meter = new GasMeter(schedule, { price: transaction.gasUnitPrice, sizeBytes: transaction.sizeBytes });
  const events: ModuleEvent[] = [];
  const movements: Movement[] = [];
  const call = callContext(transaction, context, { session, meter, events, movements });
  let vmStatus = SUCCESS;
  let charge: Charge;
  try {
    if (forced === 'abort') throw unknownAbort(FRAMEWORK, 'sandbox', 0x1_0001);
    runPayload(transaction, call, context.functions);
    consume(transaction, session);
    charge = meter.charge(session, true);
    const limit = forced === 'out-of-gas' ? 'OUT_OF_GAS' : meter.passedLimit(charge, session, transaction.maxGasAmount);
    if (limit !== undefined) throw statusAbort(limit === 'OUT_OF_GAS' ? OUT_OF_GAS : limit);
    const fee = charge.totalUnits * transaction.gasUnitPrice;
    if ((session.get(primaryStore(payerOf(transaction), APT), 'store')?.balance ?? 0n) < fee) {
      throw unknownAbort(FRAMEWORK, 'transaction_validation', CANNOT_PAY_GAS);
    }
  } catch (error) {
    if (!(error instanceof MoveAbort)) throw error;
    vmStatus = error.vmStatus;
    session.rollBack();
    events.length = 0;
    movements.length = 0;
    consume(transaction, session);
    charge = meter.charge(session, false);
    const isOutOfGas = vmStatus === OUT_OF_GAS || charge.totalUnits > transaction.maxGasAmount;
    if (isOutOfGas) charge = { ...charge, totalUnits: transaction.maxGasAmount };
  }
  const payer = payerOf(transaction);
  const feeOctas = charge.totalUnits * transaction.gasUnitPrice;
  pay(session, payer, charge.storageRefundOctas - feeOctas);
  events.push(feeStatement(charge));
  return {
    isSuccess: vmStatus === SUCCESS,
    vmStatus,
    charge,
    events,
    movements,
    payer,
    feeOctas,
    refundOctas: charge.storageRefundOctas,
    session,
  };
}

const OUT_OF_GAS = 'Out of gas';
const CANNOT_PAY_GAS = 0x2_03ed;

function callContext(
  { sender, authenticator, payload }: SignedTransaction,
  { chainId, timestampUsec, blockHeight }: ExecutionContext,
  parts: Pick<CallContext, 'session' | 'meter' | 'events' | 'movements'>,
): CallContext {
  const typeArgs = payload.executable.kind === 'empty' ? [] : payload.executable.typeArgs;
  const signers = [sender, ...authenticator.secondaryAddresses];
  return { ...parts, sender, signers, typeArgs, chainId, timestampUsec, blockHeight };
}

const SCRIPT_MAGIC = Buffer.from('a11ceb0b', 'hex');

function runPayload({ payload }: SignedTransaction, call: CallContext, functions: FunctionTable): void {
  const { executable } = payload;
  if (executable.kind === 'empty') throw statusAbort('EMPTY_PAYLOAD_PROVIDED');
  if (executable.kind === 'script') {
    const isScript = SCRIPT_MAGIC.equals(executable.code.subarray(0, SCRIPT_MAGIC.length));
    throw statusAbort(isScript ? 'LINKER_ERROR' : 'CODE_DESERIALIZATION_ERROR');
  }
  runFunction(executable, call, functions);
}

function runFunction(
  { address, module, name, typeArgs, args }: EntryFunction,
  call: CallContext,
  functions: FunctionTable,
): void {
  const called = functions.find(address, module, name);
  if (called === undefined) throw statusAbort('LINKER_ERROR');
  if (!called.isEntry) throw statusAbort('EXECUTE_ENTRY_FUNCTION_CALLED_ON_NON_ENTRY_FUNCTION');
  if (typeArgs.length !== called.typeParameterCount) throw statusAbort('NUMBER_OF_TYPE_ARGUMENTS_MISMATCH');
  if (called.signerCount > call.signers.length) throw statusAbort('NUMBER_OF_SIGNER_ARGUMENTS_MISMATCH');
  called.run(call, readArguments(args, called.params, typeArgs));
}

/** @throws MoveAbort for a wrong number of arguments, or for bytes that are no such value. */
export function readArguments(
  args: readonly Uint8Array[],
  params: readonly MoveType[],
  typeArgs: readonly MoveType[],
): readonly MoveValue[] {
  if (args.length !== params.length) throw statusAbort('LINKER_ERROR');
  try {
    return params.map((param, index) => readArgument(args[index] ?? new Uint8Array(), substitute(param, typeArgs)));
  } catch (error) {
    if (error instanceof BcsError) throw statusAbort('FAILED_TO_DESERIALIZE_ARGUMENT');
    throw error;
  }
}

/** Uses up the sequence number; a nonce is used up by whoever commits. */
function consume({ sender, payload }: SignedTransaction, session: Session): void {
  if (payload.nonce !== undefined) return;
  const account = accountAt(session, sender);
  session.set(sender, 'account', { ...account, sequenceNumber: account.sequenceNumber + 1n });
}

/** Adds octas to the payer and to the supply, or takes them from both. */
function pay(session: Session, payer: Address, octas: bigint): void {
  const at = primaryStore(payer, APT);
  const store = session.get(at, 'store');
  const asset = session.get(APT, 'asset');
  if (store === undefined || asset === undefined) return;
  session.set(at, 'store', { ...store, balance: store.balance + octas });
  session.set(APT, 'asset', { ...asset, supply: asset.supply + octas });
}

const feeStatement = (charge: Charge): ModuleEvent => ({
  type: '0x1::transaction_fee::FeeStatement',
  data: {
    execution_gas_units: charge.executionUnits.toString(),
    io_gas_units: charge.ioUnits.toString(),
    storage_fee_octas: charge.storageFeeOctas.toString(),
    storage_fee_refund_octas: charge.storageRefundOctas.toString(),
    total_charge_gas_units: charge.totalUnits.toString(),
  },
});
