import type { Charge, Payout, Reversal, Transfer } from '../books.ts';
import { incomingAccount } from '../organisations.ts';
import type { Conversation } from './conversations.ts';
import type { OperationContext } from './operation.ts';

/** A transaction as a status result describes it. */
export interface KnownTransaction {
  readonly status: Conversation['status'];
  /** Who may ask: shortcodes and MSISDNs of both sides. */
  readonly parties: readonly string[];
  /** `600310 - Safaricom333` */
  readonly debitParty: string;
  readonly creditParty: string;
  readonly debitAccount: string;
  readonly reason: string;
  readonly conversationId: string;
  readonly originatorConversationId: string;
  readonly initiatedAtMs: number;
  readonly finishedAtMs?: number;
  readonly amountMinor?: bigint;
  readonly fee?: { readonly name: string; readonly amountMinor: bigint };
  /** Absent where nothing moved. */
  readonly receipt?: string;
}

/** Looks in the books by receipt, then by the originator conversation id of a request, then among what has not moved. */
export function findTransaction(
  { receipt, originatorConversationId }: { readonly receipt?: string; readonly originatorConversationId?: string },
  context: OperationContext,
): KnownTransaction | undefined {
  const moved = receipt === undefined ? undefined : findMoved({ receipt }, context);
  if (moved !== undefined || originatorConversationId === undefined) return moved;
  const conversation = context.conversations.findByOriginator(originatorConversationId);
  return (
    findMoved({ originatorConversationId }, context) ??
    (conversation === undefined ? undefined : describeUnmoved(conversation, context))
  );
}

type MovementKey = { readonly receipt: string } | { readonly originatorConversationId: string };

function findMoved(key: MovementKey, context: OperationContext): KnownTransaction | undefined {
  const { books } = context;
  const [charge] = 'receipt' in key ? books.charges(key) : [];
  if (charge !== undefined) return describeCharge(charge, context);
  const [payout] = books.payouts(key);
  if (payout !== undefined) return describePayout(payout, context);
  const [transfer] = books.transfers(key);
  if (transfer !== undefined) return describeTransfer(transfer, context);
  const [reversal] = books.reversals(key);
  return reversal === undefined ? undefined : describeReversal(reversal, context);
}

const organisationName = (shortcode: string, { organisations }: OperationContext): string =>
  `${shortcode} - ${organisations.get(shortcode)?.name ?? ''}`;

const customerName = (msisdn: string, { subscribers }: OperationContext): string =>
  `${msisdn} - ${subscribers.nameOf(msisdn)}`;

const incomingOf = (shortcode: string, { organisations }: OperationContext): string => {
  const organisation = organisations.get(shortcode);
  return organisation === undefined ? 'Utility Account' : incomingAccount(organisation);
};

const describeCharge = (charge: Charge, context: OperationContext): KnownTransaction => ({
  status: 'Completed',
  parties: [charge.shortcode, charge.msisdn],
  debitParty: customerName(charge.msisdn, context),
  creditParty: organisationName(charge.shortcode, context),
  debitAccount: 'MMF Account For Customer',
  reason: charge.channel === 'stk' ? 'Pay Merchant via STK push' : 'Pay Merchant from Customer',
  conversationId: '',
  originatorConversationId: charge.checkoutRequestId ?? '',
  initiatedAtMs: charge.atMs,
  finishedAtMs: charge.atMs,
  amountMinor: charge.amountMinor,
  receipt: charge.receipt,
});

/** What every movement by an API user has in common. */
const describeMoved = (
  movement: Payout | Transfer | Reversal,
  { conversations }: OperationContext,
): Pick<
  KnownTransaction,
  | 'status'
  | 'conversationId'
  | 'originatorConversationId'
  | 'initiatedAtMs'
  | 'finishedAtMs'
  | 'amountMinor'
  | 'receipt'
> => ({
  status: 'Completed',
  conversationId: movement.conversationId,
  originatorConversationId: movement.originatorConversationId,
  initiatedAtMs: conversations.findByOriginator(movement.originatorConversationId)?.acceptedAtMs ?? movement.atMs,
  finishedAtMs: movement.atMs,
  amountMinor: movement.amountMinor,
  receipt: movement.receipt,
});

const describePayout = (payout: Payout, context: OperationContext): KnownTransaction => ({
  ...describeMoved(payout, context),
  parties: [payout.shortcode, payout.msisdn],
  debitParty: organisationName(payout.shortcode, context),
  creditParty: customerName(payout.msisdn, context),
  debitAccount: 'Utility Account',
  reason: 'Business Payment to Customer via API',
  fee: { name: 'Fee For B2C Payment', amountMinor: payout.feeMinor },
});

const describeTransfer = (transfer: Transfer, context: OperationContext): KnownTransaction => ({
  ...describeMoved(transfer, context),
  parties: [transfer.fromShortcode, transfer.toShortcode],
  debitParty: organisationName(transfer.fromShortcode, context),
  creditParty: organisationName(transfer.toShortcode, context),
  debitAccount: 'Working Account',
  reason: 'Business to Business Transfer via API',
});

const describeReversal = (reversal: Reversal, context: OperationContext): KnownTransaction => ({
  ...describeMoved(reversal, context),
  parties: [reversal.shortcode, reversal.msisdn],
  debitParty: organisationName(reversal.shortcode, context),
  creditParty: customerName(reversal.msisdn, context),
  debitAccount: incomingOf(reversal.shortcode, context),
  reason: 'Transaction Reversal via API',
});

const describeUnmoved = (conversation: Conversation, context: OperationContext): KnownTransaction => ({
  status: conversation.status,
  parties: [conversation.shortcode],
  debitParty: organisationName(conversation.shortcode, context),
  creditParty: '',
  debitAccount: conversation.operation === 'b2c' ? 'Utility Account' : 'Working Account',
  reason: 'Business Payment via API',
  conversationId: conversation.conversationId,
  originatorConversationId: conversation.originatorConversationId,
  initiatedAtMs: conversation.acceptedAtMs,
  ...(conversation.finishedAtMs === undefined ? {} : { finishedAtMs: conversation.finishedAtMs }),
});
