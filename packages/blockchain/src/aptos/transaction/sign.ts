import type { AptosSigner } from '../keys/signer.ts';
import { assembleSigned } from './authenticator.ts';
import { encodeRawTransaction, hashOf, type RawTransaction, signingMessageOf } from './raw-transaction.ts';

/** A transaction that can be submitted any number of times, and the hash it will be known by. */
export interface SignedTransaction {
  readonly raw: RawTransaction;
  readonly bytes: Uint8Array;
  /** `0x` and 64 hex digits; known before anything is sent. */
  readonly hash: string;
}

/** Signs with the sender's key and, where the fee is another's, with the payer's; both sign over the payer's address. */
export async function signTransaction(
  raw: RawTransaction,
  sender: AptosSigner,
  feePayer?: AptosSigner,
): Promise<SignedTransaction> {
  const rawBytes = encodeRawTransaction(raw);
  if (feePayer === undefined) {
    const bytes = assembleSigned(rawBytes, await sender.sign(signingMessageOf(rawBytes)));
    return { raw, bytes, hash: hashOf(bytes) };
  }
  const message = signingMessageOf(rawBytes, { secondarySigners: [], feePayer: feePayer.address });
  const [authenticator, payerAuthenticator] = await Promise.all([sender.sign(message), feePayer.sign(message)]);
  const bytes = assembleSigned(rawBytes, authenticator, {
    address: feePayer.address,
    authenticator: payerAuthenticator,
  });
  return { raw, bytes, hash: hashOf(bytes) };
}

/** The same transaction with signatures of zeros, as a node wants it for a simulation. */
export function bytesForSimulation(raw: RawTransaction, sender: AptosSigner, feePayer?: AptosSigner): Uint8Array {
  return assembleSigned(
    encodeRawTransaction(raw),
    sender.simulationAuthenticator,
    feePayer === undefined ? undefined : { address: feePayer.address, authenticator: feePayer.simulationAuthenticator },
  );
}
