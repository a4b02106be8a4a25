import { BcsError, BcsReader } from '../bcs/reader.ts';
import { BcsWriter } from '../bcs/writer.ts';
import type { PublishedPackage } from '../chain/cells.ts';
import { ADDRESS_LENGTH, type Address, shortAddress } from '../move/address.ts';
import { namedObject } from '../transaction/hashes.ts';
import { abort, statusAbort } from './aborts.ts';
import { accountAt } from './accounts.ts';
import type { CallContext } from './call.ts';
import { fn, type MoveFunction } from './function-table.ts';

const IMMUTABLE = 2;
const MODULE_MAGIC = Buffer.from('a11ceb0b', 'hex');

/** What a package says of itself; manifest, sources and what it depends on are left aside. */
function readPackage(bytes: Uint8Array): Omit<PublishedPackage, 'upgradeNumber'> {
  const reader = new BcsReader(bytes);
  const skipExtension = (): void =>
    reader.option(() => {
      reader.string();
      reader.bytes();
    });
  const name = reader.string();
  const upgradePolicy = reader.u8();
  reader.u64();
  const sourceDigest = reader.string();
  reader.bytes();
  const modules = reader.vector(() => {
    const module = reader.string();
    reader.bytes();
    reader.bytes();
    skipExtension();
    return module;
  });
  reader.vector(() => {
    reader.fixed(ADDRESS_LENGTH);
    reader.string();
  });
  skipExtension();
  reader.end();
  return { name, upgradePolicy, sourceDigest, modules };
}

function publish(context: CallContext, at: Address, metadata: Uint8Array, code: readonly Uint8Array[]): void {
  const { session, meter, events } = context;
  const described = readOrAbort(metadata);
  if (!code.every((bytes) => MODULE_MAGIC.equals(bytes.subarray(0, MODULE_MAGIC.length)))) {
    throw statusAbort('CODE_DESERIALIZATION_ERROR');
  }
  if (described.modules.length !== code.length) throw statusAbort('LINKER_ERROR');
  const packages = session.get(at, 'packages')?.packages ?? [];
  const before = packages.find(({ name }) => name === described.name);
  if (before !== undefined) checkUpgrade(before, described);
  const others = packages.filter((each) => each !== before);
  if (others.some(({ modules }) => modules.some((module) => described.modules.includes(module))))
    abort('code.nameClash');
  const upgradeNumber = before === undefined ? 0n : before.upgradeNumber + 1n;
  session.set(at, 'packages', { packages: [...others, { ...described, upgradeNumber }] });
  for (const [index, module] of described.modules.entries()) {
    const bytecode = code[index] ?? new Uint8Array();
    session.set(at, `module:${module}`, { bytecode });
    meter.store(bytecode.length);
  }
  meter.store(metadata.length);
  events.push({
    type: '0x1::code::PublishPackage',
    data: { code_address: shortAddress(at), is_upgrade: before !== undefined },
  });
}

function readOrAbort(metadata: Uint8Array): Omit<PublishedPackage, 'upgradeNumber'> {
  try {
    return readPackage(metadata);
  } catch (error) {
    if (error instanceof BcsError) throw statusAbort('FAILED_TO_DESERIALIZE_ARGUMENT');
    throw error;
  }
}

function checkUpgrade(before: PublishedPackage, after: Pick<PublishedPackage, 'upgradePolicy' | 'modules'>): void {
  if (before.upgradePolicy === IMMUTABLE) abort('code.immutable');
  if (after.upgradePolicy < before.upgradePolicy) abort('code.weakerPolicy');
  if (!before.modules.every((module) => after.modules.includes(module))) abort('code.moduleMissing');
}

const DOMAIN = Buffer.from('aptos_framework::object_code_deployment');

/** Where the next package of a publisher goes that is to live in an object of its own. */
function codeObject({ session, sender }: CallContext): Address {
  const number = accountAt(session, sender).sequenceNumber + 1n;
  return namedObject(sender, new BcsWriter().bytes(DOMAIN).u64(number).finish());
}

/** Publishing: modules are kept as bytes, and nothing runs them. Source: docs/sandbox/aptos.md#publishing */
export const codeFunctions = (): readonly MoveFunction[] => [
  fn('entry 0x1::code::publish_package_txn(&signer, vector<u8>, vector<vector<u8>>)', (context, [metadata, code]) =>
    publish(context, context.sender, metadata as Uint8Array, code as readonly Uint8Array[]),
  ),
  fn(
    'entry 0x1::object_code_deployment::publish(&signer, vector<u8>, vector<vector<u8>>)',
    (context, [metadata, code]) => {
      const at = codeObject(context);
      context.session.set(at, 'object', { owner: context.sender, allowsUngatedTransfer: true });
      publish(context, at, metadata as Uint8Array, code as readonly Uint8Array[]);
      context.events.push({
        type: '0x1::object_code_deployment::Publish',
        data: { object_address: shortAddress(at) },
      });
    },
  ),
  fn(
    'entry 0x1::object_code_deployment::upgrade(&signer, vector<u8>, vector<vector<u8>>, 0x1::object::Object<0x1::code::PackageRegistry>)',
    (context, [metadata, code, at]) => {
      const object = context.session.get(at as Address, 'object') ?? abort('object.missing');
      if (object.owner !== context.sender) abort('object.notOwner');
      publish(context, at as Address, metadata as Uint8Array, code as readonly Uint8Array[]);
      context.events.push({
        type: '0x1::object_code_deployment::Upgrade',
        data: { object_address: shortAddress(at as Address) },
      });
    },
  ),
];
