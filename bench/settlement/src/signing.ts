/** Signing beside the SDK's own: the same transactions, the same bytes, rounds interleaved in one process. */
import {
  Account,
  AccountAddress,
  ChainId,
  Ed25519PrivateKey,
  EntryFunction,
  generateSignedTransaction,
  generateUserTransactionHash,
  RawTransaction,
  type Account as SdkAccount,
  SimpleTransaction,
  parseTypeTag as sdkTypeTag,
  TransactionPayloadEntryFunction,
  U64,
} from '@aptos-labs/ts-sdk';
import {
  createSigner,
  moveArgument,
  type RawTransaction as OurTransaction,
  parseTypeTag,
  signTransaction,
} from '@canza/blockchain/aptos';

import { median, microsEach, ratioLine } from './rounds.ts';

const ROUNDS = 15;
const EACH = 400;
const SECRET = `0x${'5e'.repeat(32)}`;
const RECIPIENT = `0x${'a1'.repeat(32)}`;
const COIN = '0x1::aptos_coin::AptosCoin';
const EXPIRY = 1_767_225_660n;

const account: SdkAccount = Account.fromPrivateKey({ privateKey: new Ed25519PrivateKey(SECRET, false) });
const signer = createSigner(SECRET);
const coin = parseTypeTag(COIN);

const ours = (sequenceNumber: bigint): OurTransaction => ({
  sender: signer.address,
  replayProtection: { sequenceNumber },
  executable: {
    kind: 'entry-function',
    address: `0x${'0'.repeat(63)}1`,
    module: 'aptos_account',
    name: 'transfer_coins',
    typeArguments: [coin],
    arguments: [moveArgument.address(RECIPIENT), moveArgument.u64(1_000_000n)],
  },
  maxGasAmount: 2000n,
  gasUnitPrice: 100n,
  expirationTimestampSecs: EXPIRY,
  chainId: 4,
});

const theirs = (sequenceNumber: bigint): SimpleTransaction =>
  new SimpleTransaction(
    new RawTransaction(
      account.accountAddress,
      sequenceNumber,
      new TransactionPayloadEntryFunction(
        EntryFunction.build(
          '0x1::aptos_account',
          'transfer_coins',
          [sdkTypeTag(COIN)],
          [AccountAddress.from(RECIPIENT), new U64(1_000_000n)],
        ),
      ),
      2000n,
      100n,
      EXPIRY,
      new ChainId(4),
    ),
  );

const checked = await signTransaction(ours(1n), signer);
const simple = theirs(1n);
const args = { transaction: simple, senderAuthenticator: account.signTransactionWithAuthenticator(simple) };
if (Buffer.compare(checked.bytes, generateSignedTransaction(args)) !== 0) throw new Error('The bytes differ.');

const built = Array.from({ length: EACH }, (_, index) => theirs(BigInt(index)));
const sdkSign: number[] = [];
const sdkWhole: number[] = [];
const oursWhole: number[] = [];
for (let round = 0; round < ROUNDS; round += 1) {
  sdkSign.push(
    await microsEach(EACH, (index) => account.signTransactionWithAuthenticator(built[index] as SimpleTransaction)),
  );
  oursWhole.push(await microsEach(EACH, (index) => signTransaction(ours(BigInt(index)), signer)));
  sdkWhole.push(
    await microsEach(EACH, (index) => {
      const transaction = theirs(BigInt(index));
      const signed = { transaction, senderAuthenticator: account.signTransactionWithAuthenticator(transaction) };
      generateSignedTransaction(signed);
      return generateUserTransactionHash(signed);
    }),
  );
}
console.log(`ours: build, sign, bytes, hash     ${median(oursWhole).toFixed(1)} µs`);
console.log(`SDK: sign alone                    ${median(sdkSign).toFixed(1)} µs`);
console.log(`SDK: build, sign, bytes, hash      ${median(sdkWhole).toFixed(1)} µs`);
console.log(ratioLine('the SDK’s sign beside all of ours', sdkSign, oursWhole));
console.log(ratioLine('all of the SDK’s beside all of ours', sdkWhole, oursWhole));
