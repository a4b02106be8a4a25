import type { HttpRequest, HttpResponse } from '@canza/core';

import { type JsonFields, rawNumber } from '../../wire.ts';
import { displayStamp, eastAfricaDay } from '../east-africa-time.ts';
import { isFilled, isMsisdn, isWholeAmount, type Read, take, textOf, wholeAmountMinor } from '../fields.ts';
import { formatKes, formatKesShort } from '../money.ts';
import type { OperationContext } from './operation.ts';
import { type InitiatorRequest, isWrongOwnShortcode, readInitiatorRequest } from './request.ts';
import type { ResultItem, Verdict } from './result.ts';
import { REFUSALS } from './verdicts.ts';

const COMMANDS = ['BusinessPayment', 'SalaryPayment', 'PromotionPayment'];

export interface B2cRequest extends InitiatorRequest {
  /** The caller's own id; the older version of the API has none. */
  readonly originatorConversationId?: string;
  readonly msisdn: string;
  readonly amountMinor: bigint;
}

/** Checks a payout to a customer. @param version `v3` takes the caller's id, `v1` does not know it. */
export function readB2c(
  fields: JsonFields,
  version: 'v1' | 'v3',
  { organisations, errors }: OperationContext,
): Read<B2cRequest> {
  const own = fields['OriginatorConversationID'];
  const frame = readInitiatorRequest(
    fields,
    {
      initiator: 'InitiatorName',
      shortcode: 'PartyA',
      occasion: 'Occassion',
      before: { OriginatorConversationID: version === 'v3' && !isFilled(own) },
      between: {
        CommandID: !COMMANDS.includes(textOf(fields['CommandID'])),
        Amount: !isWholeAmount(fields['Amount']),
        PartyA: isWrongOwnShortcode(fields['PartyA'], organisations),
        PartyB: !isMsisdn(fields['PartyB']),
      },
    },
    errors,
  );
  if (!frame.ok) return frame;
  return take({
    ...frame.value,
    ...(version === 'v3' ? { originatorConversationId: textOf(own) } : {}),
    msisdn: textOf(fields['PartyB']),
    amountMinor: wholeAmountMinor(fields['Amount']),
  });
}

/** Pays a customer; an id of the caller's that was seen before is refused at once, whatever became of it. */
export async function acceptB2c(
  request: B2cRequest,
  httpRequest: HttpRequest,
  context: OperationContext,
): Promise<HttpResponse> {
  const { conversations, errors, books, identifiers, clock, fees } = context;
  const { originatorConversationId, msisdn, shortcode, amountMinor } = request;
  if (
    originatorConversationId !== undefined &&
    conversations.findByOriginator(originatorConversationId) !== undefined
  ) {
    return errors.envelope(500, '500.002.1001', 'Duplicate OriginatorConversationID.');
  }
  const report = (receipt: string, surplusMinor: bigint): readonly ResultItem[] =>
    reportPayout(request, receipt, amountMinor + surplusMinor, context);
  return conversations.accept(
    {
      operation: 'b2c',
      request,
      ...(originatorConversationId === undefined ? {} : { originatorConversationId }),
      claim: report,
      execute(conversation) {
        const refusal = refusePayout(request, context);
        if (refusal !== undefined) return refusal;
        const atMs = clock.nowMs();
        const receipt = identifiers.receipt(atMs);
        books.payOut({
          receipt,
          msisdn,
          shortcode,
          amountMinor,
          atMs,
          feeMinor: fees.b2cMinor,
          conversationId: conversation.conversationId,
          originatorConversationId: conversation.originatorConversationId,
        });
        return {
          code: '0',
          description: 'The service request is processed successfully.',
          receipt,
          parameters: report(receipt, 0n),
        };
      },
    },
    httpRequest,
  );
}

function refusePayout(
  { msisdn, shortcode, amountMinor }: B2cRequest,
  { books, organisations, subscribers, limits, clock }: OperationContext,
): Verdict | undefined {
  if (organisations.get(shortcode)?.kind !== 'bulk') return REFUSALS.notPermitted;
  if (amountMinor < limits.smallestPayoutMinor) return REFUSALS.belowSmallest;
  if (amountMinor > limits.largestPaymentMinor) return REFUSALS.aboveLargest;
  const state = subscribers.stateOf(msisdn);
  if (state === 'unknown') return REFUSALS.unknownParty;
  if (state === 'unregistered') return REFUSALS.unregistered;
  if (books.walletMinor(msisdn) + amountMinor > limits.largestWalletMinor) return REFUSALS.walletFull;
  const today = eastAfricaDay(clock.nowMs());
  const receivedToday = books
    .payouts({ msisdn })
    .reduce((sum, payout) => (eastAfricaDay(payout.atMs) === today ? sum + payout.amountMinor : sum), 0n);
  if (receivedToday + amountMinor > limits.dailyPerPayerMinor) return REFUSALS.dailyLimit;
  return books.accountMinor(shortcode, 'Utility Account') < amountMinor ? REFUSALS.insufficientFunds : undefined;
}

const reportPayout = (
  { msisdn, shortcode }: B2cRequest,
  receipt: string,
  amountMinor: bigint,
  { books, clock, subscribers }: OperationContext,
): readonly ResultItem[] => [
  { Key: 'TransactionAmount', Value: rawNumber(formatKesShort(amountMinor)) },
  { Key: 'TransactionReceipt', Value: receipt },
  { Key: 'ReceiverPartyPublicName', Value: `${msisdn} - ${subscribers.nameOf(msisdn)}` },
  { Key: 'TransactionCompletedDateTime', Value: displayStamp(clock.nowMs()) },
  {
    Key: 'B2CUtilityAccountAvailableFunds',
    Value: rawNumber(formatKes(books.accountMinor(shortcode, 'Utility Account'))),
  },
  {
    Key: 'B2CWorkingAccountAvailableFunds',
    Value: rawNumber(formatKes(books.accountMinor(shortcode, 'Working Account'))),
  },
  { Key: 'B2CRecipientIsRegisteredCustomer', Value: 'Y' },
  {
    Key: 'B2CChargesPaidAccountAvailableFunds',
    Value: rawNumber(formatKes(books.accountMinor(shortcode, 'Charges Paid Account'))),
  },
];
