import type { MovingOperation } from '../books.ts';
import type { MagicColumn } from '../magic-numbers.ts';
import type { Product } from '../settings.ts';

export type Version = 'v1_0' | 'v2_0';
type CallbackVerb = 'PUT' | 'POST';

/** One kind of payment, and how MTN spells it. */
export interface PaymentKind {
  readonly operation: MovingOperation;
  readonly product: Product;
  /** Segment of its addresses. */
  readonly resource: string;
  /** Whose wallet the body names; a refund finds it by the original. */
  readonly party: 'payer' | 'payee' | 'none';
  /** Whether a phone is asked first. */
  readonly prompts: boolean;
  readonly magic: MagicColumn;
  /** Versions that it can be made with, each with the verb of its callback. */
  readonly versions: Readonly<Partial<Record<Version, CallbackVerb>>>;
  /** The one version that it is asked about with. */
  readonly queriedAt: Version;
}

const BOTH_VERBS = { v1_0: 'POST', v2_0: 'PUT' } as const;

/**
 * Source: docs/providers/mtn-momo.md#payments and #callbacks. Which verb the callbacks of requests to pay and transfers have is not
 * written at the operations; PUT is what the general pages say.
 */
export const PAYMENT_KINDS: readonly PaymentKind[] = [
  {
    operation: 'request-to-pay',
    product: 'collection',
    resource: 'requesttopay',
    party: 'payer',
    prompts: true,
    magic: 'prompt',
    versions: { v1_0: 'PUT' },
    queriedAt: 'v1_0',
  },
  {
    operation: 'request-to-withdraw',
    product: 'collection',
    resource: 'requesttowithdraw',
    party: 'payer',
    prompts: true,
    magic: 'prompt',
    versions: BOTH_VERBS,
    queriedAt: 'v1_0',
  },
  {
    operation: 'transfer',
    product: 'disbursement',
    resource: 'transfer',
    party: 'payee',
    prompts: false,
    magic: 'transfer',
    versions: { v1_0: 'PUT' },
    queriedAt: 'v1_0',
  },
  {
    operation: 'deposit',
    product: 'disbursement',
    resource: 'deposit',
    party: 'payee',
    prompts: false,
    magic: 'prompt',
    versions: BOTH_VERBS,
    queriedAt: 'v1_0',
  },
  {
    operation: 'refund',
    product: 'disbursement',
    resource: 'refund',
    party: 'none',
    prompts: false,
    magic: 'refund',
    versions: BOTH_VERBS,
    queriedAt: 'v1_0',
  },
  {
    operation: 'remittance',
    product: 'remittance',
    resource: 'transfer',
    party: 'payee',
    prompts: false,
    magic: 'transfer',
    versions: { v1_0: 'PUT' },
    queriedAt: 'v1_0',
  },
  {
    operation: 'cash-transfer',
    product: 'remittance',
    resource: 'cashtransfer',
    party: 'payee',
    prompts: false,
    magic: 'cash-transfer',
    versions: { v2_0: 'PUT' },
    queriedAt: 'v2_0',
  },
];
