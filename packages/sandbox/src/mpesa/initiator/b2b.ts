import type { HttpRequest, HttpResponse } from '@canza/core';

import type { JsonFields } from '../../wire.ts';
import { compactStamp } from '../east-africa-time.ts';
import {
  isFilled,
  isMsisdn,
  isShortcode,
  isTextUpTo,
  isWholeAmount,
  type Read,
  take,
  textOf,
  wholeAmountMinor,
} from '../fields.ts';
import { formatKes } from '../money.ts';
import type { AccountName } from '../organisations.ts';
import type { OperationContext } from './operation.ts';
import { type InitiatorRequest, isWrongOwnShortcode, readInitiatorRequest } from './request.ts';
import type { ResultItem, Verdict } from './result.ts';
import { REFUSALS } from './verdicts.ts';

/** What each command credits; all of them debit the sender's working account. */
const CREDITED: Readonly<Record<string, AccountName>> = {
  BusinessPayBill: 'Utility Account',
  BusinessBuyGoods: 'Merchant Account',
  BusinessPayToBulk: 'Utility Account',
};

export interface B2bRequest extends InitiatorRequest {
  readonly receiver: string;
  readonly credited: AccountName;
  readonly amountMinor: bigint;
  readonly accountReference: string;
}

/** Checks a payment to another organisation, or a top-up of a shortcode for paying out. */
export function readB2b(fields: JsonFields, { organisations, errors }: OperationContext): Read<B2bRequest> {
  const command = textOf(fields['CommandID']);
  const credited = Object.hasOwn(CREDITED, command) ? CREDITED[command] : undefined;
  const reference = fields['AccountReference'];
  const receiverTypes = command === 'BusinessBuyGoods' ? ['4', '2'] : ['4'];
  const frame = readInitiatorRequest(
    fields,
    {
      initiator: 'Initiator',
      shortcode: 'PartyA',
      occasion: 'Occassion',
      between: {
        CommandID: credited === undefined,
        SenderIdentifierType: textOf(fields['SenderIdentifierType']) !== '4',
        RecieverIdentifierType: !receiverTypes.includes(textOf(fields['RecieverIdentifierType'])),
        Amount: !isWholeAmount(fields['Amount']),
        PartyA: isWrongOwnShortcode(fields['PartyA'], organisations),
        PartyB: !isShortcode(fields['PartyB']),
        AccountReference: !isTextUpTo(reference, 13) || (command === 'BusinessPayBill' && !isFilled(reference)),
        Requester: isFilled(fields['Requester']) && !isMsisdn(fields['Requester']),
      },
    },
    errors,
  );
  if (!frame.ok) return frame;
  return take({
    ...frame.value,
    receiver: textOf(fields['PartyB']),
    credited: credited ?? 'Utility Account',
    amountMinor: wholeAmountMinor(fields['Amount']),
    accountReference: textOf(reference),
  });
}

/** Pays another organisation. There is no key in the request: the same one twice is two payments. */
export function acceptB2b(
  request: B2bRequest,
  httpRequest: HttpRequest,
  context: OperationContext,
): Promise<HttpResponse> {
  const { conversations, books, identifiers, clock, fees } = context;
  const { shortcode, receiver, credited, amountMinor, accountReference } = request;
  const report = (_receipt: string, surplusMinor: bigint): readonly ResultItem[] =>
    reportTransfer(request, amountMinor + surplusMinor, context);
  return conversations.accept(
    {
      operation: 'b2b',
      request,
      claim: report,
      execute({ conversationId, originatorConversationId }) {
        const refusal = refuseTransfer(request, context);
        if (refusal !== undefined) return refusal;
        const atMs = clock.nowMs();
        const receipt = identifiers.receipt(atMs);
        books.transfer({
          receipt,
          fromShortcode: shortcode,
          toShortcode: receiver,
          toAccount: credited,
          amountMinor,
          feeMinor: fees.b2bMinor,
          atMs,
          accountReference,
          conversationId,
          originatorConversationId,
        });
        return {
          code: '0',
          description: 'The service request is processed successfully',
          receipt,
          parameters: report(receipt, 0n),
          references: [{ Key: 'BillReferenceNumber', Value: accountReference }],
        };
      },
    },
    httpRequest,
  );
}

function refuseTransfer(
  { shortcode, receiver, credited, amountMinor }: B2bRequest,
  { books, organisations }: OperationContext,
): Verdict | undefined {
  const to = organisations.get(receiver);
  if (to === undefined) return REFUSALS.unknownParty;
  const isTill = to.kind === 'till';
  if (receiver === shortcode || isTill !== (credited === 'Merchant Account')) return REFUSALS.notPermitted;
  return books.accountMinor(shortcode, 'Working Account') < amountMinor ? REFUSALS.insufficientFunds : undefined;
}

function reportTransfer(
  { shortcode, receiver }: B2bRequest,
  amountMinor: bigint,
  { books, clock, organisations }: OperationContext,
): readonly ResultItem[] {
  const balanceMinor = books.accountMinor(shortcode, 'Working Account');
  const balance = formatKes(balanceMinor);
  const asText = `{Amount={CurrencyCode=KES, MinimumAmount=${balanceMinor}, BasicAmount=${balance}}}`;
  return [
    { Key: 'DebitAccountBalance', Value: asText },
    { Key: 'Amount', Value: formatKes(amountMinor) },
    { Key: 'DebitPartyAffectedAccountBalance', Value: `Working Account|KES|${balance}|${balance}|0.00|0.00` },
    { Key: 'TransCompletedTime', Value: compactStamp(clock.nowMs()) },
    { Key: 'DebitPartyCharges', Value: '' },
    { Key: 'ReceiverPartyPublicName', Value: `${receiver} - ${organisations.get(receiver)?.name ?? ''}` },
    { Key: 'Currency', Value: 'KES' },
    { Key: 'InitiatorAccountCurrentBalance', Value: asText },
  ];
}
