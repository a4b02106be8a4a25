import { BcsError } from '../bcs/reader.ts';
import { BcsWriter } from '../bcs/writer.ts';
import { ADDRESS_LENGTH, type Address, addressBytes, addressOf, FRAMEWORK } from '../move/address.ts';
import { authenticatorOf } from '../transaction/authenticator.ts';
import { authenticationKey } from '../transaction/hashes.ts';
import { isSignedBy } from '../transaction/verify.ts';
import { abort } from './aborts.ts';
import { accountAt } from './accounts.ts';
import type { CallContext } from './call.ts';
import { fn, type MoveFunction } from './function-table.ts';

/** What both keys sign when one takes the place of the other. */
function challenge({ session, sender }: CallContext, newKey: Uint8Array): Uint8Array {
  const { sequenceNumber, authenticationKey: current } = accountAt(session, sender);
  return new BcsWriter()
    .fixed(addressBytes(FRAMEWORK))
    .string('account')
    .string('RotationProofChallenge')
    .u64(sequenceNumber)
    .fixed(addressBytes(sender))
    .fixed(addressBytes(current))
    .bytes(newKey)
    .finish();
}

/** A key with the scheme of its account: 0 for one Ed25519 key, 1 for several of them. */
interface ShownKey {
  readonly scheme: number;
  readonly key: Uint8Array;
  readonly signature: Uint8Array;
}

function rotateWithProof(context: CallContext, current: ShownKey, next: ShownKey): void {
  const account = accountAt(context.session, context.sender);
  if (authenticationKey(current.key, current.scheme) !== account.authenticationKey) abort('account.wrongKey');
  const message = challenge(context, next.key);
  if (!proves(current, message) || !proves(next, message)) abort('account.noProof');
  rotateTo(context, authenticationKey(next.key, next.scheme));
}

function proves({ scheme, key, signature }: ShownKey, message: Uint8Array): boolean {
  if (scheme > 1) return abort('account.invalidScheme');
  try {
    return isSignedBy(authenticatorOf(scheme === 0 ? 'ed25519' : 'multi-ed25519', key, signature), message);
  } catch (error) {
    if (error instanceof BcsError) return false;
    throw error;
  }
}

function rotateTo({ session, sender }: CallContext, key: Address): void {
  session.set(sender, 'account', { ...accountAt(session, sender), authenticationKey: key });
  session.set(key, 'origin', { address: sender });
}

/** The ways in which an account changes its key. Source: docs/sandbox/aptos.md#functions */
export const keyRotationFunctions = (): readonly MoveFunction[] => [
  fn('entry 0x1::account::rotate_authentication_key_call(&signer, vector<u8>)', (context, [key]) => {
    const bytes = key as Uint8Array;
    if (bytes.length !== ADDRESS_LENGTH) abort('account.malformedKey');
    rotateTo(context, addressOf(bytes));
  }),
  fn(
    'entry 0x1::account::rotate_authentication_key_from_public_key(&signer, u8, vector<u8>)',
    (context, [scheme, key]) => rotateTo(context, authenticationKey(key as Uint8Array, scheme as number)),
  ),
  fn(
    'entry 0x1::account::rotate_authentication_key(&signer, u8, vector<u8>, u8, vector<u8>, vector<u8>, vector<u8>)',
    (context, [fromScheme, fromKey, toScheme, toKey, fromProof, toProof]) =>
      rotateWithProof(
        context,
        { scheme: fromScheme as number, key: fromKey as Uint8Array, signature: fromProof as Uint8Array },
        { scheme: toScheme as number, key: toKey as Uint8Array, signature: toProof as Uint8Array },
      ),
  ),
];
