import type { Address } from '../move/address.ts';
import type { StructType } from '../move/type-tag.ts';

/** An account that has sent a numbered transaction or changed its key. */
export interface AccountCell {
  readonly sequenceNumber: bigint;
  readonly authenticationKey: Address;
  readonly guidCreationNumber: bigint;
}

/** A balance of one asset. */
export interface StoreCell {
  readonly owner: Address;
  readonly metadata: Address;
  readonly balance: bigint;
  readonly isFrozen: boolean;
}

/** A fungible asset, by the address of its metadata. */
export interface AssetCell {
  readonly name: string;
  readonly symbol: string;
  readonly decimals: number;
  readonly iconUri: string;
  readonly projectUri: string;
  readonly supply: bigint;
  readonly maximum: bigint | undefined;
  /** Who may mint and freeze. */
  readonly issuer: Address;
  /** Its issuer's own code stands before each withdrawal and deposit: the plain transfer refuses it. */
  readonly isDispatchable: boolean;
  /** The coin that it is paired with. */
  readonly coinType: StructType | undefined;
}

/** An object that is nothing but owned. */
export interface ObjectCell {
  readonly owner: Address;
  readonly allowsUngatedTransfer: boolean;
}

interface PackageCell {
  /** One after the other, as they were published. */
  readonly packages: readonly PublishedPackage[];
}

export interface PublishedPackage {
  readonly name: string;
  readonly upgradePolicy: number;
  readonly upgradeNumber: bigint;
  readonly sourceDigest: string;
  readonly modules: readonly string[];
}

interface ModuleCell {
  readonly bytecode: Uint8Array;
}

/** Whether an account takes assets that it does not know. */
interface DirectTransferCell {
  readonly allowsArbitrary: boolean;
}

/** The address that a rotated key came from, by the address that is the key. */
interface OriginCell {
  readonly address: Address;
}

/** A pool of two assets. */
export interface PoolCell {
  readonly protocol: string;
  /** As the protocol sorts them; the metadata of coins is that of the paired asset. */
  readonly x: Address;
  readonly y: Address;
  readonly reserveX: bigint;
  readonly reserveY: bigint;
  /** What stands for a share. */
  readonly share: Address;
  /** The resource that shows it. */
  readonly resource: StructType;
}

/** What can be kept of an address, by the last part of its key. Immutable: a change is another value. */
export interface Cells {
  account: AccountCell;
  store: StoreCell;
  asset: AssetCell;
  object: ObjectCell;
  packages: PackageCell;
  directTransfer: DirectTransferCell;
  origin: OriginCell;
  [module: `module:${string}`]: ModuleCell;
  [pool: `pool:${string}`]: PoolCell;
}

export type CellName = keyof Cells;
export type AnyCell = Cells[CellName];

/** `0x…64 digits/account` */
export type CellKey = `${Address}/${string}`;

export const cellKey = (address: Address, name: CellName): CellKey => `${address}/${name}`;

const ADDRESS_TEXT_LENGTH = 66;
export const addressOfKey = (key: CellKey): Address => key.slice(0, ADDRESS_TEXT_LENGTH) as Address;
export const nameOfKey = (key: CellKey): CellName => key.slice(ADDRESS_TEXT_LENGTH + 1) as CellName;
