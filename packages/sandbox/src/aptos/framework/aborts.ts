import { type Address, FRAMEWORK, shortAddress } from '../move/address.ts';

/** Code of a transaction ended it: it commits, moves nothing, and costs its fee. */
export class MoveAbort extends Error {
  /** As REST answers tell it. */
  readonly vmStatus: string;

  constructor(vmStatus: string) {
    super(vmStatus);
    this.vmStatus = vmStatus;
  }
}

/** An abort whose reason the chain does not know by name. */
export const unknownAbort = (address: Address, module: string, code: number): MoveAbort =>
  new MoveAbort(`Move abort in ${shortAddress(address)}::${module}: 0x${code.toString(16)}`);

/** A status that is told by its name alone. */
export const statusAbort = (status: string): MoveAbort => new MoveAbort(status);

const CATEGORY = {
  invalidArgument: 1,
  outOfRange: 2,
  invalidState: 3,
  unauthenticated: 4,
  permissionDenied: 5,
  notFound: 6,
  alreadyExists: 8,
} as const;

type Reason = readonly [category: keyof typeof CATEGORY, reason: number, name: string, description: string];

/** The framework's own reasons, with the sentences that stand beside them in its code. Source: docs/sandbox/aptos.md#aborts */
const ABORTS = {
  'aptos_account.optedOut': [
    'permissionDenied',
    3,
    'EACCOUNT_DOES_NOT_ACCEPT_DIRECT_COIN_TRANSFERS',
    'Account opted out of receiving coins that they did not register to receive.',
  ],
  'aptos_account.lengthMismatch': [
    'invalidArgument',
    5,
    'EMISMATCHING_RECIPIENTS_AND_AMOUNTS_LENGTH',
    "The lengths of the recipients and amounts lists don't match.",
  ],
  'fungible_asset.frozen': [
    'permissionDenied',
    3,
    'ESTORE_IS_FROZEN',
    'Store is disabled from sending and receiving this fungible asset.',
  ],
  'fungible_asset.insufficientBalance': [
    'invalidArgument',
    4,
    'EINSUFFICIENT_BALANCE',
    'Insufficient balance to withdraw or transfer.',
  ],
  'fungible_asset.maxSupply': [
    'outOfRange',
    5,
    'EMAX_SUPPLY_EXCEEDED',
    "The fungible asset's supply has exceeded maximum.",
  ],
  'fungible_asset.notStoreOwner': ['permissionDenied', 8, 'ENOT_STORE_OWNER', "Account is not the store's owner."],
  'fungible_asset.storeMismatch': [
    'invalidArgument',
    11,
    'EFUNGIBLE_ASSET_AND_STORE_MISMATCH',
    'Fungible asset and store do not match.',
  ],
  'fungible_asset.noStore': ['notFound', 23, 'EFUNGIBLE_STORE_EXISTENCE', 'Flag for the existence of fungible store.'],
  'fungible_asset.balanceNotZero': [
    'permissionDenied',
    14,
    'EBALANCE_IS_NOT_ZERO',
    'Cannot destroy fungible stores with a non-zero balance.',
  ],
  'fungible_asset.dispatchable': [
    'invalidArgument',
    28,
    'EINVALID_DISPATCHABLE_OPERATIONS',
    'Invalid withdraw/deposit on dispatchable token.',
  ],
  'coin.insufficientBalance': [
    'invalidArgument',
    6,
    'EINSUFFICIENT_BALANCE',
    'Not enough coins to complete transaction',
  ],
  'coin.notInitialized': ['notFound', 3, 'ECOIN_INFO_NOT_PUBLISHED', 'CoinType is not initialized'],
  'object.missing': ['notFound', 2, 'EOBJECT_DOES_NOT_EXIST', 'An object does not exist at this address'],
  'object.noUngatedTransfers': [
    'permissionDenied',
    3,
    'ENO_UNGATED_TRANSFERS',
    'The object does not have ungated transfers enabled',
  ],
  'object.notOwner': ['permissionDenied', 4, 'ENOT_OBJECT_OWNER', 'The caller does not have ownership permissions'],
  'object.resourceMissing': [
    'notFound',
    7,
    'ERESOURCE_DOES_NOT_EXIST',
    'The resource is not stored at the specified address.',
  ],
  'account.exists': ['alreadyExists', 1, 'EACCOUNT_ALREADY_EXISTS', 'Account already exists'],
  'account.reserved': [
    'invalidArgument',
    5,
    'ECANNOT_RESERVED_ADDRESS',
    'Cannot create account because address is reserved',
  ],
  'account.malformedKey': [
    'invalidArgument',
    4,
    'EMALFORMED_AUTHENTICATION_KEY',
    'The provided authentication key has an invalid length',
  ],
  'account.wrongKey': [
    'unauthenticated',
    7,
    'EWRONG_CURRENT_PUBLIC_KEY',
    'The current public key of the account is not the one that was shown',
  ],
  'account.noProof': [
    'invalidArgument',
    8,
    'EINVALID_PROOF_OF_KNOWLEDGE',
    'Specified proof of knowledge required to prove ownership of a public key is invalid',
  ],
  'account.invalidScheme': [
    'invalidArgument',
    12,
    'EINVALID_SCHEME',
    'Specified scheme is not recognized. Should be ED25519_SCHEME(0) or MULTI_ED25519_SCHEME(1)',
  ],
  'code.nameClash': [
    'alreadyExists',
    1,
    'EMODULE_NAME_CLASH',
    'A package is already published with modules of the same name.',
  ],
  'code.immutable': ['invalidArgument', 2, 'EUPGRADE_IMMUTABLE', 'Cannot upgrade an immutable package.'],
  'code.weakerPolicy': [
    'invalidArgument',
    3,
    'EUPGRADE_WEAKER_POLICY',
    "Cannot downgrade a package's upgradability policy.",
  ],
  'code.moduleMissing': [
    'invalidArgument',
    4,
    'EMODULE_MISSING',
    'Cannot delete a module that was published in the same package',
  ],
} as const satisfies Readonly<Record<string, Reason>>;

/** Ends the transaction for one of the framework's reasons. */
export function abort(name: keyof typeof ABORTS): never {
  const [category, reason, constant, description]: Reason = ABORTS[name];
  const [module = ''] = name.split('.');
  const code = CATEGORY[category] * 0x1_0000 + reason;
  throw new MoveAbort(
    `Move abort in ${shortAddress(FRAMEWORK)}::${module}: ${constant}(0x${code.toString(16)}): ${description}`,
  );
}
