import type { HttpResponse } from '@canza/core';

import type { KnownCode } from '../codes.ts';
import { amountOf, type FieldName, readTexts } from '../fields.ts';
import type { Visit } from '../gate.ts';
import { CARRIED_OUT, reversalTrigger } from '../outcomes.ts';
import { refuse, succeed } from '../replies.ts';
import type { VodacomTransaction } from '../transactions.ts';
import { type DeskParts, hasTriggers } from './parts.ts';

export interface ReversalDesk {
  readonly reverse: (visit: Visit) => Promise<HttpResponse>;
}

const FIELDS = [
  'input_Country',
  'input_ServiceProviderCode',
  'input_ThirdPartyConversationID',
  'input_TransactionID',
] as const;

/** Why a transaction cannot be given back at all. */
const refusalOf = (original: VodacomTransaction | undefined, id: string, code: string): KnownCode | undefined => {
  if (original?.transactionId !== id || original.kind === 'reversal') return 'INS-18';
  if (original.organisation !== code) return 'INS-35';
  return original.status === 'Completed' ? undefined : 'INS-6';
};

/** Gives money back to where it came from, whole or in parts. Source: docs/sandbox/vodacom-mpesa.md#reversals */
export function createReversalDesk(parts: DeskParts): ReversalDesk {
  const { application, books, transactions, processing, useId } = parts;

  const remainingMinor = ({ transactionId, market, currency, amountMinor }: VodacomTransaction): bigint =>
    amountMinor - books.reversedMinor({ originalTransactionId: transactionId, market, currency });

  return {
    async reverse(visit) {
      const { market, fields, call } = visit;
      const optional: readonly FieldName[] =
        fields['input_ReversalAmount'] === undefined ? [] : ['input_ReversalAmount'];
      const texts = readTexts(fields, [...FIELDS, ...optional]);
      if (typeof texts === 'string') return refuse(texts);
      const { input_ServiceProviderCode: organisation, input_TransactionID: originalTransactionId } = texts;
      const thirdPartyConversationId = texts.input_ThirdPartyConversationID;
      if (!application.serviceProviderCodes.includes(organisation)) return refuse('INS-13');
      const trigger = hasTriggers(visit, organisation) ? reversalTrigger(originalTransactionId) : undefined;
      if (trigger !== undefined) {
        if (!useId(thirdPartyConversationId)) return refuse('INS-10');
        return trigger === 'INS-0'
          ? sayReversed(parts, originalTransactionId, thirdPartyConversationId)
          : refuse(trigger);
      }
      const original = transactions.find(market, originalTransactionId);
      const refusal = refusalOf(original, originalTransactionId, organisation);
      if (original === undefined || refusal !== undefined) return refuse(refusal ?? 'INS-18');
      const { currency, party, ends } = original;
      const asked = texts.input_ReversalAmount;
      const amountMinor = asked === undefined ? remainingMinor(original) : (amountOf(asked, currency) ?? 0n);
      if (asked !== undefined && (amountMinor === 0n || amountMinor > original.amountMinor)) return refuse('INS-15');
      if (!useId(thirdPartyConversationId)) return refuse('INS-10');
      return processing.run({
        order: {
          kind: 'reversal',
          market,
          currency,
          thirdPartyConversationId,
          organisation,
          party,
          reference: '',
          originalTransactionId,
          amountMinor,
          ends: { from: ends.to, to: ends.from },
        },
        course: CARRIED_OUT,
        request: call.request,
        lastCheck() {
          const leftMinor = remainingMinor(original);
          if (leftMinor === 0n) return 'INS-6';
          return amountMinor > leftMinor ? 'INS-15' : undefined;
        },
      });
    },
  };
}

/** A trigger stands for a payment that never was, so nothing moves. */
const sayReversed = (
  { conversation }: DeskParts,
  transactionId: string,
  thirdPartyConversationId: string,
): HttpResponse =>
  succeed({
    output_TransactionID: transactionId,
    output_ConversationID: conversation(),
    output_ThirdPartyConversationID: thirdPartyConversationId,
  });
