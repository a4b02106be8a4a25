import { BcsWriter } from '../bcs/writer.ts';
import { type AnyCell, type AssetCell, addressOfKey, type CellKey, nameOfKey } from '../chain/cells.ts';
import type { Charge } from '../chain/gas.ts';
import type { CommittedTransaction } from '../chain/ledger.ts';
import type { ModuleEvent } from '../framework/call.ts';
import type { FunctionTable } from '../framework/function-table.ts';
import { resourcesOf } from '../framework/resources.ts';
import { APT, shortAddress, toHex } from '../move/address.ts';
import { formatType, substitute } from '../move/type-tag.ts';
import { readArgument, renderValue } from '../move/values.ts';
import { sha3, stateKeyHash } from './hashes.ts';
import type { Payload } from './payload.ts';
import { renderSignature } from './signature-json.ts';
import type { SignedTransaction } from './signed-transaction.ts';

const NO_SEQUENCE_NUMBER = '18446744073709551615';

/** A transaction that waits, as it is answered when it was sent. */
export function renderPending(transaction: SignedTransaction, functions: FunctionTable): object {
  const { hash, payload } = transaction;
  return {
    hash,
    ...renderRequest(transaction, functions),
    replay_protection_nonce: payload.nonce?.toString() ?? null,
  };
}

export interface Rendered {
  readonly version: number;
  readonly transaction: SignedTransaction;
  readonly isSuccess: boolean;
  readonly vmStatus: string;
  readonly charge: Pick<Charge, 'totalUnits'>;
  readonly events: readonly ModuleEvent[];
  readonly changes: ReadonlyMap<CellKey, AnyCell | undefined>;
  readonly timestampUsec: number;
}

/** A transaction that committed, or that was simulated: without its type. */
export function renderExecuted(executed: Rendered, functions: FunctionTable): object {
  const { version, transaction, isSuccess, vmStatus, charge, events, changes, timestampUsec } = executed;
  return {
    ...renderInfo(version, transaction.hash),
    state_checkpoint_hash: null,
    gas_used: charge.totalUnits.toString(),
    success: isSuccess,
    vm_status: vmStatus,
    accumulator_root_hash: madeUpHash('accumulator', version),
    changes: [...changes].flatMap(([key, cell]) => renderChange(key, cell)),
    ...renderRequest(transaction, functions),
    replay_protection_nonce: transaction.payload.nonce?.toString() ?? null,
    events: events.map(renderEvent),
    timestamp: String(timestampUsec),
  };
}

export const renderCommitted = (committed: CommittedTransaction, functions: FunctionTable): object => ({
  ...renderExecuted(committed, functions),
  type: 'user_transaction',
});

/** Roots that nobody can recompute without the whole state: made up, and different for each version. */
export const madeUpHash = (what: string, version: number): string => toHex(sha3(Buffer.from(`${what}:${version}`)));

export const renderInfo = (version: number, hash: string) => ({
  version: String(version),
  hash,
  state_change_hash: madeUpHash('state change', version),
  event_root_hash: madeUpHash('event root', version),
});

function renderRequest(transaction: SignedTransaction, functions: FunctionTable) {
  const { sender, sequenceNumber, payload, maxGasAmount, gasUnitPrice, expirationSeconds } = transaction;
  return {
    sender: shortAddress(sender),
    sequence_number: payload.nonce === undefined ? sequenceNumber.toString() : NO_SEQUENCE_NUMBER,
    max_gas_amount: maxGasAmount.toString(),
    gas_unit_price: gasUnitPrice.toString(),
    expiration_timestamp_secs: expirationSeconds.toString(),
    payload: renderPayload(payload, functions),
    signature: renderSignature(transaction.authenticator),
  };
}

function renderPayload({ executable, multisigAddress }: Payload, functions: FunctionTable): object {
  const inner = renderExecutable(executable, functions);
  if (multisigAddress === undefined) return inner ?? { type: 'empty_payload' };
  return {
    multisig_address: shortAddress(multisigAddress),
    ...(inner === undefined ? {} : { transaction_payload: inner }),
    type: 'multisig_payload',
  };
}

function renderExecutable(executable: Payload['executable'], functions: FunctionTable): object | undefined {
  if (executable.kind === 'empty') return undefined;
  const type_arguments = executable.typeArgs.map(formatType);
  if (executable.kind === 'script') {
    const code = { bytecode: toHex(executable.code) };
    return { code, type_arguments, arguments: executable.args.map(toHex), type: 'script_payload' };
  }
  const { address, module, name, typeArgs, args } = executable;
  const params = functions.find(address, module, name)?.params ?? [];
  return {
    function: `${shortAddress(address)}::${module}::${name}`,
    type_arguments,
    arguments: args.map((bytes, index) => {
      const param = params[index];
      if (param === undefined) return toHex(bytes);
      try {
        const type = substitute(param, typeArgs);
        return renderValue(readArgument(bytes, type), type);
      } catch {
        return toHex(bytes);
      }
    }),
    type: 'entry_function_payload',
  };
}

const renderEvent = ({ type, data }: ModuleEvent): object => ({
  guid: { creation_number: '0', account_address: '0x0' },
  sequence_number: '0',
  type,
  data,
});

/** The supply of APT, which every fee changes, lies in a table for itself. */
const SUPPLY_HANDLE = toHex(sha3(Buffer.from('supply of APT: table')));
const SUPPLY_KEY = toHex(sha3(Buffer.from('supply of APT: key')));
const U128_BYTES = 16;

const renderSupply = ({ supply }: AssetCell): object => ({
  state_key_hash: stateKeyHash(SUPPLY_KEY),
  handle: SUPPLY_HANDLE,
  key: SUPPLY_KEY,
  value: toHex(new BcsWriter().unsigned(supply, U128_BYTES).finish()),
  data: null,
  type: 'write_table_item',
});

function renderChange(key: CellKey, cell: AnyCell | undefined): readonly object[] {
  const address = addressOfKey(key);
  const name = nameOfKey(key);
  const place = { address: shortAddress(address), state_key_hash: stateKeyHash(key) };
  if (cell === undefined) return [{ ...place, resource: '0x1::object::ObjectGroup', type: 'delete_resource' }];
  if (name.startsWith('module:')) {
    const { bytecode } = cell as { readonly bytecode: Uint8Array };
    return [{ ...place, data: { bytecode: toHex(bytecode), abi: null }, type: 'write_module' }];
  }
  if (address === APT && name === 'asset') return [renderSupply(cell as AssetCell)];
  return resourcesOf(address, name, cell).map((data) => ({ ...place, data, type: 'write_resource' }));
}
