import { type HttpRequest, InvalidRequestError, parseMoney, type SubmitRequest } from '@canza/core';

import type { VodacomMpesaConfig } from './config.ts';
import { accountOf, amountOf, ask, customerOf, noteOf, ownReference, sendJson } from './fields.ts';

/** The name under which a payment keeps the operator's transaction id, which a reversal needs. */
export const TRANSACTION_ID = 'TransactionID';

/** A payment from our short code to another one. */
export interface BusinessPayment {
  /** Ours, unique for good: 1 to 40 letters and digits. Stored before it is sent, it finds the payment again. */
  readonly reference: string;
  /** The short code that is paid. */
  readonly receiver: string;
  /** Decimal string in the application's currency. */
  readonly amount: string;
  readonly accountReference?: string;
  readonly description?: string;
}

const common = ({ marketCode, serviceProviderCode }: VodacomMpesaConfig) => ({
  input_Country: marketCode,
  input_ServiceProviderCode: serviceProviderCode,
});

/**
 * Builds a collection in a single stage: the customer is prompted, and the call stays open until the PIN is entered where the
 * application is answered in the reply.
 * @throws InvalidRequestError naming the field: currency, amount, number, account.
 * Source: docs/providers/vodacom-mpesa.md#collection
 */
export const buildCollection = (config: VodacomMpesaConfig, request: SubmitRequest): HttpRequest =>
  sendJson(config, 'POST', 'c2bPayment/singleStage/', {
    ...common(config),
    ...customerPayment(config, request),
    input_PurchasedItemsDesc: noteOf(request.description),
  });

/**
 * Builds a payout to a customer.
 * @throws as {@link buildCollection}.
 * Source: docs/providers/vodacom-mpesa.md#payout
 */
export const buildPayout = (config: VodacomMpesaConfig, request: SubmitRequest): HttpRequest =>
  sendJson(config, 'POST', 'b2cPayment/', {
    ...common(config),
    ...customerPayment(config, request),
    input_PaymentItemsDesc: noteOf(request.description),
  });

/**
 * Builds the reversal of a collection, whole or in part.
 * @throws InvalidRequestError when the transaction id of the original is not known.
 * Source: docs/providers/vodacom-mpesa.md#reversal
 */
export function buildReversal(config: VodacomMpesaConfig, request: SubmitRequest): HttpRequest {
  const transactionId = request.original?.references[TRANSACTION_ID] ?? request.original?.receipt;
  if (transactionId === undefined) {
    throw new InvalidRequestError({ field: 'original', expected: 'a payment whose transaction id the operator told' });
  }
  return sendJson(config, 'PUT', 'reversal/', {
    ...common(config),
    input_ReversalAmount: amountOf(config, request.money),
    input_ThirdPartyConversationID: ownReference(request.reference),
    input_TransactionID: transactionId,
  });
}

/**
 * Builds a payment to another business.
 * @throws InvalidRequestError naming the field.
 * Source: docs/providers/vodacom-mpesa.md#business-payment
 */
export function buildBusinessPayment(config: VodacomMpesaConfig, payment: BusinessPayment): HttpRequest {
  if (!/^[0-9A-Za-z]{4,12}$/.test(payment.receiver)) {
    throw new InvalidRequestError({ field: 'receiver', expected: 'a short code of 4 to 12 letters and digits' });
  }
  return sendJson(config, 'POST', 'b2bPayment/', {
    input_Amount: amountOf(config, parseMoney(payment.amount, config.currency)),
    input_Country: config.marketCode,
    input_Currency: config.currency,
    input_PrimaryPartyCode: config.serviceProviderCode,
    input_ReceiverPartyCode: payment.receiver,
    input_ThirdPartyConversationID: ownReference(payment.reference),
    input_TransactionReference: accountOf(payment.accountReference, payment.reference),
    input_PurchasedItemsDesc: noteOf(payment.description),
  });
}

/**
 * Builds a question about a transaction, by our own id of it: one that a callback brought could be anybody's.
 * @param questionId Of the question itself, and never used before: a repeated one is refused as a duplicate.
 * Source: docs/providers/vodacom-mpesa.md#query
 */
export const buildStatusQuestion = (
  config: VodacomMpesaConfig,
  { reference, questionId }: { readonly reference: string; readonly questionId: string },
): HttpRequest =>
  ask(config, 'queryTransactionStatus/', {
    input_QueryReference: reference,
    ...common(config),
    input_ThirdPartyConversationID: questionId,
  });

/**
 * Builds a question for the name behind a number.
 * @throws InvalidRequestError naming `phoneNumber`.
 * Source: docs/providers/vodacom-mpesa.md#name
 */
export const buildNameQuestion = (config: VodacomMpesaConfig, msisdn: string, questionId: string): HttpRequest =>
  ask(config, 'queryBeneficiaryName/', {
    ...common(config),
    input_CustomerMSISDN: customerOf(config, msisdn),
    input_KycQueryType: 'Name',
    input_ThirdPartyConversationID: questionId,
  });

const customerPayment = (config: VodacomMpesaConfig, request: SubmitRequest) => ({
  input_Amount: amountOf(config, request.money),
  input_Currency: config.currency,
  input_CustomerMSISDN: customerOf(config, request.msisdn),
  input_ThirdPartyConversationID: ownReference(request.reference),
  input_TransactionReference: accountOf(request.accountReference, request.reference),
});
