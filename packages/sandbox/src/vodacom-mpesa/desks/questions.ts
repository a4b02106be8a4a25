import type { HttpResponse } from '@canza/core';

import { isMsisdnOf, readTexts } from '../fields.ts';
import type { Visit } from '../gate.ts';
import { c2bTrigger, queryTrigger, type TransactionStatus } from '../outcomes.ts';
import { refuse, succeed } from '../replies.ts';
import { isOpen, type VodacomTransaction } from '../transactions.ts';
import { type DeskParts, hasTriggers } from './parts.ts';

export interface QuestionDesk {
  /** What became of a payment. */
  readonly status: (visit: Visit) => HttpResponse;
  /** Who has a number. */
  readonly name: (visit: Visit) => HttpResponse;
}

const COMMON = ['input_Country', 'input_ServiceProviderCode', 'input_ThirdPartyConversationID'] as const;

/** Source: docs/sandbox/vodacom-mpesa.md#questions */
export function createQuestionDesk(parts: DeskParts): QuestionDesk {
  const { application, books, shapes, subscribers, transactions, conversation, useId } = parts;

  const isRepeated = (id: string): boolean => shapes.questionIds === 'once' && !useId(id);

  const statusOf = (transaction: VodacomTransaction): TransactionStatus => {
    const { transactionId, market, currency, amountMinor, status } = transaction;
    if (status !== 'Completed') return status;
    const backMinor = books.reversedMinor({ originalTransactionId: transactionId, market, currency });
    return backMinor < amountMinor ? status : shapes.reversedStatus;
  };

  const answer = (id: string, fields: object): HttpResponse =>
    succeed({ output_ConversationID: conversation(), output_ThirdPartyConversationID: id, ...fields });

  return {
    status(visit) {
      const texts = readTexts(visit.fields, [...COMMON, 'input_QueryReference']);
      if (typeof texts === 'string') return refuse(texts);
      const { input_QueryReference: reference, input_ServiceProviderCode: code } = texts;
      const id = texts.input_ThirdPartyConversationID;
      if (!application.serviceProviderCodes.includes(code)) return refuse('INS-13');
      if (isRepeated(id)) return refuse('INS-10');
      const trigger = hasTriggers(visit, code) ? queryTrigger(reference, shapes.reversedStatus) : undefined;
      if (trigger !== undefined) {
        if ('code' in trigger) return refuse(trigger.code);
        return answer(id, { [shapes.statusField]: trigger.status, output_OriginalTransactionID: reference });
      }
      const transaction = transactions.find(visit.market, reference);
      if (transaction === undefined || transaction.organisation !== code) return refuse('INS-23');
      transaction.queries += 1;
      if (transaction.queries <= shapes.hiddenQueries) return refuse('INS-23');
      return answer(id, {
        [shapes.statusField]: statusOf(transaction),
        output_OriginalTransactionID: isOpen(transaction) ? 'N/A' : transaction.transactionId,
      });
    },
    name(visit) {
      const texts = readTexts(visit.fields, [...COMMON, 'input_CustomerMSISDN', 'input_KycQueryType']);
      if (typeof texts === 'string') return refuse(texts);
      const { input_CustomerMSISDN: msisdn, input_ServiceProviderCode: code } = texts;
      const id = texts.input_ThirdPartyConversationID;
      if (!application.serviceProviderCodes.includes(code)) return refuse('INS-13');
      const isTrigger = hasTriggers(visit, code) && c2bTrigger(msisdn) !== undefined;
      const isKnown = isMsisdnOf(visit.market, msisdn) && subscribers.stateOf(msisdn) === 'registered';
      if (!isTrigger && !isKnown) return refuse('INS-2051');
      if (isRepeated(id)) return refuse('INS-10');
      const { first, last } = subscribers.nameOf(msisdn);
      return answer(id, { output_CustomerFirstName: first, output_CustomerLastName: last });
    },
  };
}
