import { type HttpRequest, InvalidRequestError } from '@canza/core';

import type { Initiator, MpesaConfig } from '../config.ts';
import { callbackAddress, kenyanMobile, noteOf, parseShillings, parseShortcode, post } from '../fields.ts';
import { type AnswerAddresses, answerAddressesOf, type ResultAddresses } from '../initiator/addresses.ts';

/** A payment from our short code to a business. Nothing in it tells two of them apart: sent twice, it is paid twice. */
export interface BusinessPayment extends AnswerAddresses {
  readonly to:
    | { readonly paybill: string; readonly account: string }
    | { readonly till: string }
    /** Moves money to our own payout short code. */
    | { readonly payoutShortcode: string };
  /** Decimal string, whole KES. */
  readonly amount: string;
  /** The customer on whose behalf it is paid. */
  readonly requester?: string;
  readonly description?: string;
}

/** A prompt to the owner of a till, to pay a pay bill. */
export interface TillPrompt {
  /** The till that pays. */
  readonly till: string;
  /** The pay bill that is paid. */
  readonly paybill: string;
  /** Decimal string, whole KES. */
  readonly amount: string;
  /** What the owner sees as the reason. */
  readonly paymentReference: string;
  /** Who asks, as the owner sees it. */
  readonly partnerName: string;
  /** Ours, unique. */
  readonly requestId: string;
  readonly callbackUrl: string;
}

const COMMANDS = {
  paybill: 'BusinessPayBill',
  till: 'BusinessBuyGoods',
  payoutShortcode: 'BusinessPayToBulk',
} as const;

interface B2bBody extends ResultAddresses {
  readonly Initiator: string;
  readonly SecurityCredential: string;
  readonly CommandID: (typeof COMMANDS)[keyof typeof COMMANDS];
  readonly SenderIdentifierType: '4';
  /** Spelled so. */
  readonly RecieverIdentifierType: '4';
  readonly Amount: string;
  readonly PartyA: string;
  readonly PartyB: string;
  readonly AccountReference: string;
  readonly Requester?: string;
  readonly Remarks: string;
}

const ACCOUNT = /^[\x21-\x7e](?:[\x20-\x7e]{0,11}[\x21-\x7e])?$/;

/**
 * Builds a payment to a pay bill or a till, or the top-up of our payout account.
 * @throws InvalidRequestError naming the field.
 * Source: docs/providers/mpesa.md#business-payment
 */
export function buildBusinessPayment(config: MpesaConfig, initiator: Initiator, payment: BusinessPayment): HttpRequest {
  const { kind, party, account } = recipientOf(payment.to);
  const body: B2bBody = {
    Initiator: initiator.name,
    SecurityCredential: initiator.securityCredential,
    CommandID: COMMANDS[kind],
    SenderIdentifierType: '4',
    // The portal says 4 for tills too; one client says 2. Source: docs/providers/mpesa.md#business-payment
    RecieverIdentifierType: '4',
    Amount: parseShillings(payment.amount),
    PartyA: config.shortcode,
    PartyB: parseShortcode(party, `to.${kind}`),
    AccountReference: account,
    ...(payment.requester === undefined ? {} : { Requester: kenyanMobile(payment.requester, 'requester') }),
    Remarks: noteOf(payment.description, 100),
    ...answerAddressesOf(payment, config),
  };
  return post(`${config.baseUrl}/mpesa/b2b/v1/paymentrequest`, body);
}

/**
 * Builds the prompt to the owner of a till (B2B Express).
 * @throws InvalidRequestError naming the field.
 * Source: docs/providers/mpesa.md#till-prompt
 */
export function buildTillPrompt(config: MpesaConfig, prompt: TillPrompt): HttpRequest {
  return post(`${config.baseUrl}/v1/ussdpush/get-msisdn`, {
    primaryShortCode: parseShortcode(prompt.till, 'till'),
    receiverShortCode: parseShortcode(prompt.paybill, 'paybill'),
    amount: parseShillings(prompt.amount),
    paymentRef: required(prompt.paymentReference, 'paymentReference'),
    callbackUrl: callbackAddress(prompt.callbackUrl, config.environment),
    partnerName: required(prompt.partnerName, 'partnerName'),
    RequestRefID: required(prompt.requestId, 'requestId'),
  });
}

function recipientOf(to: BusinessPayment['to']) {
  if ('till' in to) return { kind: 'till', party: to.till, account: '' } as const;
  if ('payoutShortcode' in to) return { kind: 'payoutShortcode', party: to.payoutShortcode, account: '' } as const;
  if (!ACCOUNT.test(to.account)) {
    throw new InvalidRequestError({ field: 'to.account', expected: 'the account at the pay bill, 1 to 13 characters' });
  }
  return { kind: 'paybill', party: to.paybill, account: to.account } as const;
}

function required(text: string, field: string): string {
  if (text.trim() !== '') return text;
  throw new InvalidRequestError({ field, expected: 'a text' });
}
