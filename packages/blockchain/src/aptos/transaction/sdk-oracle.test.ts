/** Our bytes beside those of the SDK, for every kind of payload and authenticator that we write. */
import { inspect } from 'node:util';

import {
  Account,
  AccountAddress,
  Bool,
  ChainId,
  Ed25519PrivateKey,
  FeePayerRawTransaction,
  generateSignedTransaction,
  generateSignedTransactionForSimulation,
  generateUserTransactionHash,
  MoveOption,
  MoveString,
  MoveVector,
  type Account as SdkAccount,
  EntryFunction as SdkEntryFunction,
  RawTransaction as SdkRawTransaction,
  Script as SdkScript,
  Secp256k1PrivateKey,
  SimpleTransaction,
  SingleKeyAccount,
  parseTypeTag as sdkTypeTag,
  TransactionExecutableEntryFunction,
  TransactionExecutableScript,
  TransactionExtraConfigV1,
  TransactionInnerPayloadV1,
  type TransactionPayload,
  TransactionPayloadEntryFunction,
  TransactionPayloadScript,
  U8,
  U16,
  U32,
  U64,
  U128,
  U256,
} from '@aptos-labs/ts-sdk';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { type Address, addressOf } from '../address.ts';
import { addressVector, moveArgument, u64Vector } from '../bcs/move-argument.ts';
import { parseTypeTag } from '../bcs/type-tag.ts';
import { type AptosSigner, createSigner } from '../keys/signer.ts';
import { type Executable, encodeRawTransaction, type RawTransaction } from './raw-transaction.ts';
import { bytesForSimulation, signTransaction } from './sign.ts';

const RUNS = { seed: 20_261_123, numRuns: 60 };
const U64_MAX = (1n << 64n) - 1n;

const u64 = fc.bigInt({ min: 0n, max: U64_MAX });
const bytes32 = fc.uint8Array({ minLength: 32, maxLength: 32 });
const address: fc.Arbitrary<Address> = bytes32.map(addressOf);
const identifier = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,20}$/);
const primitive = fc.constantFrom('bool', 'u8', 'u16', 'u32', 'u64', 'u128', 'u256', 'address');
const { type: typeText } = fc.letrec<{ type: string }>((tie) => ({
  type: fc.oneof(
    { maxDepth: 3 },
    primitive,
    fc.constantFrom('0x1::aptos_coin::AptosCoin', '0x1::fungible_asset::Metadata'),
    tie('type').map((inner) => `vector<${inner}>`),
    fc
      .tuple(address, identifier, identifier, fc.array(tie('type'), { maxLength: 2 }))
      .map(
        ([at, module, name, inner]) => `${at}::${module}::${name}${inner.length > 0 ? `<${inner.join(', ')}>` : ''}`,
      ),
  ),
}));

const entryFunction = fc.record({
  kind: fc.constant('entry-function' as const),
  address,
  module: identifier,
  name: identifier,
  typeTexts: fc.array(typeText, { maxLength: 3 }),
  arguments: fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 4 }),
});
const script = fc.record({
  kind: fc.constant('script' as const),
  code: fc.uint8Array({ maxLength: 2000 }),
  typeTexts: fc.array(typeText, { maxLength: 3 }),
  u64s: fc.array(u64, { maxLength: 3 }),
});
const transaction = fc.record({
  sender: address,
  replayProtection: fc.oneof(
    u64.map((sequenceNumber) => ({ sequenceNumber })),
    u64.map((nonce) => ({ nonce })),
  ),
  executable: fc.oneof(entryFunction, script),
  maxGasAmount: u64,
  gasUnitPrice: u64,
  expirationTimestampSecs: u64,
  chainId: fc.integer({ min: 0, max: 255 }),
});
type Drawn = typeof transaction extends fc.Arbitrary<infer T> ? T : never;

function ours({ executable, ...rest }: Drawn): RawTransaction {
  const typeArguments = executable.typeTexts.map((text) => parseTypeTag(text));
  const built: Executable =
    executable.kind === 'script'
      ? {
          kind: 'script',
          code: executable.code,
          typeArguments,
          arguments: executable.u64s.map((value) => Buffer.concat([Uint8Array.of(1), moveArgument.u64(value)])),
        }
      : { ...executable, typeArguments, arguments: executable.arguments.map(moveArgument.bytes) };
  return { ...rest, executable: built };
}

function theirs({ executable, replayProtection, ...rest }: Drawn, sender = rest.sender): SdkRawTransaction {
  const typeArguments = executable.typeTexts.map((text) => sdkTypeTag(text));
  let payload: TransactionPayload;
  const extra =
    'nonce' in replayProtection ? new TransactionExtraConfigV1(undefined, replayProtection.nonce) : undefined;
  if (executable.kind === 'script') {
    const code = new SdkScript(
      executable.code,
      typeArguments,
      executable.u64s.map((value) => new U64(value)),
    );
    payload = extra
      ? new TransactionInnerPayloadV1(new TransactionExecutableScript(code), extra)
      : new TransactionPayloadScript(code);
  } else {
    const call = SdkEntryFunction.build(
      `${executable.address}::${executable.module}`,
      executable.name,
      typeArguments,
      executable.arguments.map((argument) => MoveVector.U8(argument)),
    );
    payload = extra
      ? new TransactionInnerPayloadV1(new TransactionExecutableEntryFunction(call), extra)
      : new TransactionPayloadEntryFunction(call);
  }
  return new SdkRawTransaction(
    AccountAddress.from(sender),
    'nonce' in replayProtection ? U64_MAX : replayProtection.sequenceNumber,
    payload,
    rest.maxGasAmount,
    rest.gasUnitPrice,
    rest.expirationTimestampSecs,
    new ChainId(rest.chainId),
  );
}

interface KeyPair {
  readonly kind: string;
  readonly signer: AptosSigner;
  readonly account: SdkAccount;
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const SECRET = '11'.repeat(31);
function keyPairs(): readonly KeyPair[] {
  const ed25519 = new Ed25519PrivateKey(`0x${SECRET}01`, false);
  const secp256k1 = new Secp256k1PrivateKey(`0x${SECRET}02`, false);
  return [
    {
      kind: 'ed25519',
      signer: createSigner(`ed25519-priv-0x${SECRET}01`),
      account: Account.fromPrivateKey({ privateKey: ed25519 }),
    },
    {
      kind: 'single-key ed25519',
      signer: createSigner(`0x${SECRET}01`, { singleKey: true }),
      account: new SingleKeyAccount({ privateKey: ed25519 }),
    },
    {
      kind: 'secp256k1',
      signer: createSigner(`secp256k1-priv-0x${SECRET}02`),
      account: new SingleKeyAccount({ privateKey: secp256k1 }),
    },
  ];
}
const PAIRS = keyPairs();
const payerOf = ({ kind }: KeyPair): KeyPair => PAIRS.find((pair) => pair.kind !== kind) as KeyPair;

describe('raw transactions', () => {
  it('are the SDK’s bytes, for entry functions and scripts, with numbers and with nonces', () => {
    fc.assert(
      fc.property(transaction, (drawn) => {
        expect(hex(encodeRawTransaction(ours(drawn)))).toBe(hex(theirs(drawn).bcsToBytes()));
      }),
      RUNS,
    );
  });
});

describe.each(PAIRS)('signed with $kind', (pair) => {
  const { signer, account } = pair;

  it('has the SDK’s address', () => {
    expect(signer.address).toBe(account.accountAddress.toStringLong());
  });

  it('has the SDK’s bytes and hash', async () => {
    await fc.assert(
      fc.asyncProperty(transaction, async (drawn) => {
        const signed = await signTransaction({ ...ours(drawn), sender: signer.address }, signer);
        const simple = new SimpleTransaction(theirs(drawn, signer.address));
        const senderAuthenticator = account.signTransactionWithAuthenticator(simple);
        expect(hex(signed.bytes)).toBe(hex(generateSignedTransaction({ transaction: simple, senderAuthenticator })));
        expect(signed.hash).toBe(generateUserTransactionHash({ transaction: simple, senderAuthenticator }));
      }),
      { ...RUNS, numRuns: 20 },
    );
  });

  it('has the SDK’s bytes and hash when another account pays the fee', async () => {
    const payer = payerOf(pair);
    await fc.assert(
      fc.asyncProperty(transaction, async (drawn) => {
        const signed = await signTransaction({ ...ours(drawn), sender: signer.address }, signer, payer.signer);
        const raw = theirs(drawn, signer.address);
        const simple = new SimpleTransaction(raw, payer.account.accountAddress);
        const withPayer = new FeePayerRawTransaction(raw, [], payer.account.accountAddress);
        expect(withPayer.fee_payer_address.toStringLong()).toBe(payer.signer.address);
        const senderAuthenticator = account.signTransactionWithAuthenticator(simple);
        const feePayerAuthenticator = payer.account.signTransactionWithAuthenticator(simple);
        const args = { transaction: simple, senderAuthenticator, feePayerAuthenticator };
        expect(hex(signed.bytes)).toBe(hex(generateSignedTransaction(args)));
        expect(signed.hash).toBe(generateUserTransactionHash(args));
      }),
      { ...RUNS, numRuns: 20 },
    );
  });

  it('simulates with the SDK’s bytes', () => {
    const [drawn] = fc.sample(transaction, { ...RUNS, numRuns: 1 }) as [Drawn];
    const raw = { ...ours(drawn), sender: signer.address };
    const simple = new SimpleTransaction(theirs(drawn, signer.address));
    expect(hex(bytesForSimulation(raw, signer))).toBe(
      hex(generateSignedTransactionForSimulation({ transaction: simple, signerPublicKey: account.publicKey })),
    );
  });

  it('shows no key', () => {
    for (const shown of [inspect(signer, { depth: 9, showHidden: true }), JSON.stringify(signer)]) {
      expect(shown).not.toContain(SECRET);
      expect(shown).not.toContain('PrivateKeyObject');
    }
  });
});

describe('arguments', () => {
  it('are the SDK’s bytes', () => {
    const owner: Address = `0x${'ab'.repeat(32)}`;
    const pairs: readonly (readonly [Uint8Array, { bcsToBytes(): Uint8Array }])[] = [
      [moveArgument.bool(true), new Bool(true)],
      [moveArgument.u8(255), new U8(255)],
      [moveArgument.u16(65_535), new U16(65_535)],
      [moveArgument.u32(4_000_000_000), new U32(4_000_000_000)],
      [moveArgument.u64(U64_MAX), new U64(U64_MAX)],
      [moveArgument.u128((1n << 128n) - 7n), new U128((1n << 128n) - 7n)],
      [moveArgument.u256((1n << 256n) - 9n), new U256((1n << 256n) - 9n)],
      [moveArgument.address('0xa'), AccountAddress.from('0xa')],
      [moveArgument.string('Wanjikũ €'), new MoveString('Wanjikũ €')],
      [moveArgument.bytes(new Uint8Array(300).fill(7)), MoveVector.U8(new Uint8Array(300).fill(7))],
      [moveArgument.vector([moveArgument.u64(1n), moveArgument.u64(2n)]), MoveVector.U64([1n, 2n])],
      [moveArgument.option(), new MoveOption<U64>(undefined)],
      [moveArgument.option(moveArgument.u64(5n)), new MoveOption(new U64(5n))],
      [u64Vector([1n, U64_MAX]), MoveVector.U64([1n, U64_MAX])],
      [addressVector([owner, owner]), new MoveVector([AccountAddress.from(owner), AccountAddress.from(owner)])],
    ];
    for (const [mine, sdk] of pairs) expect(hex(mine)).toBe(hex(sdk.bcsToBytes()));
  });

  it('refuses numbers that do not fit', () => {
    expect(() => moveArgument.u8(256)).toThrow(RangeError);
    expect(() => moveArgument.u8(1.5)).toThrow(RangeError);
    expect(() => moveArgument.u64(U64_MAX + 1n)).toThrow(RangeError);
    expect(() => moveArgument.u64(-1n)).toThrow(RangeError);
    expect(() => moveArgument.u128(1n << 128n)).toThrow(RangeError);
    expect(() => moveArgument.u256(1n << 256n)).toThrow(RangeError);
  });
});
