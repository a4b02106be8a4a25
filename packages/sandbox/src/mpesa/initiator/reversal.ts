import type { HttpRequest, HttpResponse } from '@canza/core';

import { type JsonFields, rawNumber } from '../../wire.ts';
import { compactStamp } from '../east-africa-time.ts';
import { isFilled, isWholeAmount, type Read, take, textOf, wholeAmountMinor } from '../fields.ts';
import { formatKes } from '../money.ts';
import { incomingAccount } from '../organisations.ts';
import type { OperationContext } from './operation.ts';
import { type InitiatorRequest, isWrongOwnShortcode, readInitiatorRequest } from './request.ts';
import type { ResultItem } from './result.ts';
import { REFUSALS } from './verdicts.ts';

export interface ReversalRequest extends InitiatorRequest {
  /** Receipt of the charge. */
  readonly originalReceipt: string;
  readonly amountMinor: bigint;
}

export function readReversal(fields: JsonFields, { organisations, errors }: OperationContext): Read<ReversalRequest> {
  const frame = readInitiatorRequest(
    fields,
    {
      initiator: 'Initiator',
      shortcode: 'ReceiverParty',
      occasion: 'Occasion',
      between: {
        CommandID: fields['CommandID'] !== 'TransactionReversal',
        TransactionID: !isFilled(fields['TransactionID']),
        Amount: !isWholeAmount(fields['Amount']),
        ReceiverParty: isWrongOwnShortcode(fields['ReceiverParty'], organisations),
        RecieverIdentifierType: textOf(fields['RecieverIdentifierType']) !== '11',
      },
    },
    errors,
  );
  if (!frame.ok) return frame;
  return take({
    ...frame.value,
    originalReceipt: textOf(fields['TransactionID']),
    amountMinor: wholeAmountMinor(fields['Amount']),
  });
}

/** Gives a charge back; a second time is refused by the receipt, so a repeat cannot give back twice. */
export function acceptReversal(
  request: ReversalRequest,
  httpRequest: HttpRequest,
  context: OperationContext,
): Promise<HttpResponse> {
  const { conversations, books, identifiers, clock } = context;
  const { shortcode, originalReceipt, amountMinor } = request;
  const report = (_receipt: string, surplusMinor: bigint): readonly ResultItem[] =>
    reportReversal(request, amountMinor + surplusMinor, context);
  return conversations.accept(
    {
      operation: 'reversal',
      request,
      claim: report,
      execute({ conversationId, originatorConversationId }) {
        const [charge] = books.charges({ receipt: originalReceipt });
        // What happens to an amount above the charge is not documented; it cannot be given back from nothing.
        if (charge === undefined || charge.shortcode !== shortcode || amountMinor > charge.amountMinor) {
          return REFUSALS.unknownOriginal;
        }
        if (books.reversals({ originalReceipt }).length > 0) return REFUSALS.alreadyReversed;
        if (books.accountMinor(shortcode) < amountMinor) return REFUSALS.insufficientFunds;
        const atMs = clock.nowMs();
        const receipt = identifiers.receipt(atMs);
        const { msisdn } = charge;
        books.reverse({
          receipt,
          originalReceipt,
          msisdn,
          shortcode,
          amountMinor,
          atMs,
          conversationId,
          originatorConversationId,
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

function reportReversal(
  { shortcode, originalReceipt }: ReversalRequest,
  amountMinor: bigint,
  { books, clock, organisations, subscribers }: OperationContext,
): readonly ResultItem[] {
  const [charge] = books.charges({ receipt: originalReceipt });
  const organisation = organisations.get(shortcode);
  const account = organisation === undefined ? 'Utility Account' : incomingAccount(organisation);
  const balance = formatKes(books.accountMinor(shortcode, account));
  const msisdn = charge?.msisdn ?? '';
  return [
    { Key: 'DebitAccountBalance', Value: `${account}|KES|${balance}|${balance}|0.00|0.00` },
    { Key: 'Amount', Value: rawNumber(formatKes(amountMinor)) },
    { Key: 'TransCompletedTime', Value: rawNumber(compactStamp(clock.nowMs())) },
    { Key: 'OriginalTransactionID', Value: originalReceipt },
    { Key: 'Charge', Value: rawNumber('0.00') },
    { Key: 'CreditPartyPublicName', Value: `${msisdn} - ${subscribers.nameOf(msisdn)}` },
    { Key: 'DebitPartyPublicName', Value: `${shortcode} - ${organisation?.name ?? ''}` },
  ];
}
