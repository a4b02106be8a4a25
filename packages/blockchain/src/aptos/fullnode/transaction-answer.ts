import { z } from 'zod';

import { type Address, readNodeAddress } from '../address.ts';
import { type Answer, unexpected } from './answer.ts';

const u64 = z
  .string()
  .regex(/^\d{1,20}$/)
  .transform(BigInt);
const HASH = /^0x[0-9a-f]{64}$/;
const hashText = z
  .string()
  .transform((text) => text.toLowerCase())
  .refine((text) => HASH.test(text));
const address = z.string().transform((text, context): Address => {
  const read = readNodeAddress(text);
  if (read !== undefined) return read;
  context.addIssue({ code: 'custom', message: 'an address' });
  return z.NEVER;
});

const EventSchema = z.object({ type: z.string(), data: z.unknown() });

/** Only what we read of a committed user transaction. */
const CommittedSchema = z.object({
  type: z.literal('user_transaction'),
  hash: hashText,
  version: u64,
  success: z.boolean(),
  vm_status: z.string(),
  sender: address,
  sequence_number: u64,
  gas_used: u64,
  gas_unit_price: u64,
  /** Microseconds, of the block. */
  timestamp: u64,
  events: z.array(EventSchema),
  changes: z.array(z.unknown()),
});
const PendingSchema = z.object({ type: z.literal('pending_transaction'), hash: hashText });
const TransactionSchema = z.discriminatedUnion('type', [CommittedSchema, PendingSchema]);

/** An event of a committed transaction; `data` is read by whoever knows its type. */
export type ChainEvent = z.output<typeof EventSchema>;
export type CommittedTransaction = z.output<typeof CommittedSchema>;

/** What one answer says of one hash. */
export type TransactionAnswer =
  | { readonly status: 'committed'; readonly transaction: CommittedTransaction }
  | { readonly status: 'pending' }
  /** In neither mempool nor ledger of that node, at that moment. */
  | { readonly status: 'absent' }
  | { readonly status: 'pruned' };

const PRUNED: ReadonlySet<string> = new Set(['version_pruned', 'block_pruned']);

/**
 * Reads the answer to a look-up by hash. Pure. `absent` is said only by a node, with its own code for it: any other 404 comes from
 * something in front of it.
 * @throws UnexpectedResponseError for what proves nothing.
 * Source: docs/providers/aptos.md#reading-back
 */
export function readTransactionAnswer(answer: Answer, hash: string): TransactionAnswer {
  const { status, error, json } = answer;
  if (status === 404 && error?.code === 'transaction_not_found') return { status: 'absent' };
  if (status === 410 && error !== undefined && PRUNED.has(error.code)) return { status: 'pruned' };
  if (status !== 200) throw unexpected(answer, 'no answer about a transaction');
  const read = TransactionSchema.safeParse(json);
  if (!read.success) throw unexpected(answer, 'a transaction that cannot be read');
  if (read.data.hash !== hash) throw unexpected(answer, 'another transaction than was asked for');
  return read.data.type === 'user_transaction'
    ? { status: 'committed', transaction: read.data }
    : { status: 'pending' };
}

const ListedSchema = z.array(z.object({ hash: hashText, sequence_number: u64 }));

/**
 * The hash of the transaction that used a sequence number, from a page of the sender's transactions that begins there; `undefined`
 * where the page does not begin with that number.
 * @throws UnexpectedResponseError for what cannot be read.
 */
export function readUser(answer: Answer, sequenceNumber: bigint): string | undefined {
  const read = answer.status === 200 ? ListedSchema.safeParse(answer.json) : undefined;
  if (read?.success !== true) throw unexpected(answer, 'the transactions of an account cannot be read');
  const [first] = read.data;
  return first?.sequence_number === sequenceNumber ? first.hash : undefined;
}

const FeeStatementSchema = z.object({ storage_fee_refund_octas: u64 });

/** What the payer really paid, in octas: gas at its price, less what storage gave back. */
export function feePaidBy({ gas_used, gas_unit_price, events }: CommittedTransaction): bigint {
  const statement = events.findLast(({ type }) => type === '0x1::transaction_fee::FeeStatement');
  const read = FeeStatementSchema.safeParse(statement?.data);
  return gas_used * gas_unit_price - (read.success ? read.data.storage_fee_refund_octas : 0n);
}

const SimulationSchema = z
  .array(
    z.object({
      success: z.boolean(),
      vm_status: z.string(),
      gas_used: u64,
      gas_unit_price: u64,
      max_gas_amount: u64,
      events: z.array(EventSchema),
    }),
  )
  .min(1);
export type Simulated = z.output<typeof SimulationSchema>[number];

/** @throws UnexpectedResponseError */
export function readSimulation(answer: Answer): Simulated {
  const read = answer.status === 200 ? SimulationSchema.safeParse(answer.json) : undefined;
  const [simulated] = read?.success === true ? read.data : [];
  if (simulated === undefined) throw unexpected(answer, 'a simulation that cannot be read');
  return simulated;
}
