import { shortAddress, toHex } from '../move/address.ts';
import {
  type AccountAuthenticator,
  type AnyKey,
  type AnySignature,
  type Authenticator,
  bitsOf,
} from './authenticator.ts';

/** How a transaction is signed, as REST answers show it. */
export function renderSignature({ kind, sender, secondaryAddresses, secondaries, feePayer }: Authenticator): object {
  if (kind === 'single-sender') return { ...renderParts(sender), type: 'single_sender' };
  if (kind !== 'multi-agent' && kind !== 'fee-payer') return renderAccountSignature(sender);
  const signers = {
    sender: renderAccountSignature(sender),
    secondary_signer_addresses: secondaryAddresses.map(shortAddress),
    secondary_signers: secondaries.map(renderAccountSignature),
  };
  if (feePayer === undefined) return { ...signers, type: 'multi_agent_signature' };
  return {
    ...signers,
    fee_payer_address: shortAddress(feePayer.address),
    fee_payer_signer: renderAccountSignature(feePayer.authenticator),
    type: 'fee_payer_signature',
  };
}

const TYPES: Readonly<Record<AccountAuthenticator['kind'], string>> = {
  ed25519: 'ed25519_signature',
  'multi-ed25519': 'multi_ed25519_signature',
  'single-key': 'single_key_signature',
  'multi-key': 'multi_key_signature',
  none: 'no_account_signature',
};

const renderAccountSignature = (signer: AccountAuthenticator): object => ({
  ...renderParts(signer),
  type: TYPES[signer.kind],
});

function renderParts(signer: AccountAuthenticator): object {
  switch (signer.kind) {
    case 'ed25519':
      return { public_key: toHex(signer.key), signature: toHex(signer.signature) };
    case 'multi-ed25519':
      return {
        public_keys: signer.keys.map(toHex),
        signatures: signer.signatures.map(toHex),
        threshold: signer.threshold,
        bitmap: toHex(signer.bitmap),
      };
    case 'single-key':
      return { public_key: renderKey(signer.key), signature: renderAny(signer.signature) };
    case 'multi-key': {
      const indexes = bitsOf(signer.bitmap);
      return {
        public_keys: signer.keys.map(renderKey),
        signatures: signer.signatures.map((signature, index) => ({
          index: indexes[index] ?? 0,
          signature: renderAny(signature),
        })),
        signatures_required: signer.threshold,
      };
    }
    case 'none':
      return {};
  }
}

const renderKey = ({ key, scheme }: AnyKey): object => ({ value: toHex(key), type: scheme });
const renderAny = ({ signature, scheme }: AnySignature): object => ({ value: toHex(signature), type: scheme });
