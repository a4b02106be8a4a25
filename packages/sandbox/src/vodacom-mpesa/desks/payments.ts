import type { CurrencyCode, HttpResponse } from '@canza/core';

import { organisationOf, walletOf } from '../books.ts';
import type { KnownCode } from '../codes.ts';
import { amountOf, currencyOf, isMsisdnOf, readTexts } from '../fields.ts';
import type { Visit } from '../gate.ts';
import { b2bTrigger, b2cTrigger, CARRIED_OUT, type Course, c2bTrigger, courseOf } from '../outcomes.ts';
import { refuse } from '../replies.ts';
import { type DeskParts, hasTriggers } from './parts.ts';

export interface PaymentDesk {
  /** Money from a customer, who is asked for the PIN. */
  readonly collect: (visit: Visit) => Promise<HttpResponse>;
  /** Money to a customer. */
  readonly payOut: (visit: Visit) => Promise<HttpResponse>;
  /** Money to another organisation. */
  readonly transfer: (visit: Visit) => Promise<HttpResponse>;
}

const COMMON = [
  'input_Country',
  'input_ThirdPartyConversationID',
  'input_Amount',
  'input_Currency',
  'input_TransactionReference',
] as const;
const OF_CUSTOMERS = [...COMMON, 'input_ServiceProviderCode', 'input_CustomerMSISDN'] as const;

export function createPaymentDesk(parts: DeskParts): PaymentDesk {
  const { application, limits, handsets, subscribers, processing, useId } = parts;

  /** What payments of all kinds are checked for. */
  const readSum = (
    { market }: Visit,
    texts: Readonly<Record<'input_Amount' | 'input_Currency', string>>,
    organisation: string,
  ): { readonly currency: CurrencyCode; readonly amountMinor: bigint } | KnownCode => {
    if (!application.serviceProviderCodes.includes(organisation)) return 'INS-13';
    const currency = currencyOf(market, texts.input_Currency);
    if (currency === undefined) return 'INS-26';
    const amountMinor = amountOf(texts.input_Amount, currency);
    if (amountMinor === undefined) return 'INS-15';
    return amountMinor > limits.largestMinor ? 'INS-995' : { currency, amountMinor };
  };

  const payCustomer = async (
    visit: Visit,
    kind: 'c2b' | 'b2c',
    texts: Readonly<Record<(typeof OF_CUSTOMERS)[number], string>> | KnownCode,
  ): Promise<HttpResponse> => {
    if (typeof texts === 'string') return refuse(texts);
    const { input_ServiceProviderCode: organisation, input_CustomerMSISDN: party } = texts;
    const sum = readSum(visit, texts, organisation);
    if (typeof sum === 'string') return refuse(sum);
    const trigger = hasTriggers(visit, organisation) ? (kind === 'c2b' ? c2bTrigger : b2cTrigger)(party) : undefined;
    if (trigger === undefined && !isCustomer(visit, party)) return refuse('INS-2051');
    const { input_ThirdPartyConversationID: thirdPartyConversationId, input_TransactionReference: reference } = texts;
    if (!useId(thirdPartyConversationId)) return refuse('INS-10');
    const ends = [walletOf(party), organisationOf(organisation)] as const;
    const [from, to] = kind === 'c2b' ? ends : ends.toReversed();
    return processing.run({
      order: {
        kind,
        market: visit.market,
        ...sum,
        thirdPartyConversationId,
        organisation,
        party,
        reference,
        ends: { from: from ?? '', to: to ?? '' },
      },
      course: courseFor(kind, party, trigger),
      request: visit.call.request,
    });
  };

  const isCustomer = ({ market }: Visit, msisdn: string): boolean =>
    isMsisdnOf(market, msisdn) && subscribers.stateOf(msisdn) === 'registered';

  const courseFor = (kind: 'c2b' | 'b2c', msisdn: string, trigger: Course | undefined): Course => {
    if (kind === 'b2c') return trigger ?? CARRIED_OUT;
    return trigger === undefined || handsets.isSet(msisdn) ? courseOf(handsets.reactTo(msisdn)) : trigger;
  };

  return {
    collect: (visit) =>
      payCustomer(visit, 'c2b', readTexts(visit.fields, [...OF_CUSTOMERS, 'input_PurchasedItemsDesc'])),
    payOut: (visit) => payCustomer(visit, 'b2c', readTexts(visit.fields, [...OF_CUSTOMERS, 'input_PaymentItemsDesc'])),
    async transfer(visit) {
      const names = ['input_PrimaryPartyCode', 'input_ReceiverPartyCode', 'input_PurchasedItemsDesc'] as const;
      const texts = readTexts(visit.fields, [...COMMON, ...names]);
      if (typeof texts === 'string') return refuse(texts);
      const { input_PrimaryPartyCode: organisation, input_ReceiverPartyCode: party } = texts;
      const sum = readSum(visit, texts, organisation);
      if (typeof sum === 'string') return refuse(sum);
      if (party === organisation) return refuse('INS-13');
      const thirdPartyConversationId = texts.input_ThirdPartyConversationID;
      if (!useId(thirdPartyConversationId)) return refuse('INS-10');
      const trigger = hasTriggers(visit, organisation) ? b2bTrigger(party) : undefined;
      return processing.run({
        order: {
          kind: 'b2b',
          market: visit.market,
          ...sum,
          thirdPartyConversationId,
          organisation,
          party,
          reference: texts.input_TransactionReference,
          ends: { from: organisationOf(organisation), to: organisationOf(party) },
        },
        course: trigger ?? CARRIED_OUT,
        request: visit.call.request,
      });
    },
  };
}
