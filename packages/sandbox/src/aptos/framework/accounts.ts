import type { AccountCell } from '../chain/cells.ts';
import type { StateView } from '../chain/state.ts';
import { type Address, addressOf, shortAddress } from '../move/address.ts';
import { sha3 } from '../transaction/hashes.ts';
import { abort } from './aborts.ts';
import type { CallContext } from './call.ts';
import { fn, type MoveFunction } from './function-table.ts';

/** Guid numbers below are taken by the streams of coins and keys that every account has. */
const FIRST_GUID = 4n;

/** The table from rotated keys to the addresses that they came from. */
export const ORIGINATING_TABLE: Address = addressOf(sha3(Buffer.from('0x1::account::OriginatingAddress')));

/** An account that has sent nothing yet: every address is one. */
const freshAccount = (address: Address): AccountCell => ({
  sequenceNumber: 0n,
  authenticationKey: address,
  guidCreationNumber: FIRST_GUID,
});

export const accountAt = (view: StateView, address: Address): AccountCell =>
  view.get(address, 'account') ?? freshAccount(address);

const RESERVED = 10n;

function createAccount({ session }: CallContext, at: Address): void {
  if (session.get(at, 'account') !== undefined) abort('account.exists');
  if (BigInt(at) <= RESERVED) abort('account.reserved');
  session.set(at, 'account', freshAccount(at));
}

function transferObject({ session, sender, events }: CallContext, at: Address, to: Address): void {
  const object = session.get(at, 'object');
  const store = session.get(at, 'store');
  const owner = object?.owner ?? store?.owner ?? abort('object.missing');
  if (owner !== sender) abort('object.notOwner');
  if (object === undefined || !object.allowsUngatedTransfer) return abort('object.noUngatedTransfers');
  session.set(at, 'object', { ...object, owner: to });
  events.push({
    type: '0x1::object::Transfer',
    data: { object: shortAddress(at), from: shortAddress(owner), to: shortAddress(to) },
  });
}

/** What accounts do beside sending money. Source: docs/sandbox/aptos.md#functions */
export const accountFunctions = (): readonly MoveFunction[] => [
  fn('entry 0x1::aptos_account::create_account(address)', (context, [at]) => createAccount(context, at as Address)),
  fn('entry 0x1::object::transfer<T0>(&signer, 0x1::object::Object<T0>, address)', (context, [at, to]) =>
    transferObject(context, at as Address, to as Address),
  ),
  fn('entry 0x1::object::transfer_call(&signer, address, address)', (context, [at, to]) =>
    transferObject(context, at as Address, to as Address),
  ),
];
