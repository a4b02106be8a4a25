import type { HttpRequest, HttpResponse } from '@canza/core';

import type { JsonFields } from '../../wire.ts';
import { compactStamp } from '../east-africa-time.ts';
import { isFilled, isMsisdn, type Read, take, textOf } from '../fields.ts';
import { formatKes, formatKesShort } from '../money.ts';
import type { OperationContext } from './operation.ts';
import { type InitiatorRequest, isWrongOwnShortcode, readInitiatorRequest } from './request.ts';
import type { ResultItem } from './result.ts';
import { findTransaction, type KnownTransaction } from './transactions.ts';
import { REFUSALS } from './verdicts.ts';

export interface TransactionStatusRequest extends InitiatorRequest {
  readonly receipt?: string;
  /** The originator conversation id of the request in doubt. */
  readonly originatorConversationId?: string;
  readonly occasion: string;
}

export function readTransactionStatus(
  fields: JsonFields,
  { organisations, errors }: OperationContext,
): Read<TransactionStatusRequest> {
  const type = textOf(fields['IdentifierType']);
  const receipt = fields['TransactionID'];
  const originator = fields['OriginalConversationID'] ?? fields['OriginatorConversationID'];
  const frame = readInitiatorRequest(
    fields,
    {
      initiator: 'Initiator',
      shortcode: 'PartyA',
      occasion: 'Occasion',
      remarksAtLeast: 0,
      between: {
        CommandID: fields['CommandID'] !== 'TransactionStatusQuery',
        TransactionID: receipt === undefined && !isFilled(originator),
        PartyA: type === '1' ? !isMsisdn(fields['PartyA']) : isWrongOwnShortcode(fields['PartyA'], organisations),
        IdentifierType: !['1', '2', '4'].includes(type),
      },
    },
    errors,
  );
  if (!frame.ok) return frame;
  return take({
    ...frame.value,
    ...(typeof receipt === 'string' ? { receipt } : {}),
    ...(isFilled(originator) ? { originatorConversationId: originator } : {}),
    occasion: textOf(fields['Occasion']),
  });
}

/** Tells what became of a transaction. Its own code says only whether the question could be answered. */
export const acceptTransactionStatus = (
  request: TransactionStatusRequest,
  httpRequest: HttpRequest,
  context: OperationContext,
): Promise<HttpResponse> =>
  context.conversations.accept(
    {
      operation: 'transaction-status',
      request,
      execute() {
        const { receipt, shortcode, occasion } = request;
        const references: readonly ResultItem[] = [
          { Key: 'Occasion', ...(occasion === '' ? {} : { Value: occasion }) },
        ];
        if (receipt === '') return { ...REFUSALS.malformed, references };
        const found = findTransaction(request, context);
        if (found === undefined || !found.parties.includes(shortcode)) return { ...REFUSALS.unknownParty, references };
        return {
          code: '0',
          description: 'The service request is processed successfully.',
          ...(found.receipt === undefined ? {} : { receipt: found.receipt }),
          parameters: describeTransaction(found),
          references,
        };
      },
    },
    httpRequest,
  );

const describeTransaction = (found: KnownTransaction): readonly ResultItem[] => [
  { Key: 'DebitPartyName', Value: found.debitParty },
  { Key: 'DebitPartyName', Value: found.creditParty },
  { Key: 'OriginatorConversationID', Value: found.originatorConversationId },
  { Key: 'InitiatedTime', Value: compactStamp(found.initiatedAtMs) },
  { Key: 'DebitAccountType', Value: found.debitAccount },
  {
    Key: 'DebitPartyCharges',
    Value: found.fee === undefined ? '' : `${found.fee.name}|KES|${formatKes(found.fee.amountMinor)}`,
  },
  { Key: 'TransactionReason' },
  { Key: 'ReasonType', Value: found.reason },
  { Key: 'TransactionStatus', Value: found.status },
  { Key: 'FinalisedTime', Value: found.finishedAtMs === undefined ? '' : compactStamp(found.finishedAtMs) },
  { Key: 'Amount', Value: found.amountMinor === undefined ? '' : formatKesShort(found.amountMinor) },
  { Key: 'ConversationID', Value: found.conversationId },
  { Key: 'ReceiptNo', Value: found.receipt ?? '' },
];
