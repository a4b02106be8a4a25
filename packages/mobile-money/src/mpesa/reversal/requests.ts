import { type HttpRequest, InvalidRequestError, type SubmitRequest } from '@canza/core';

import type { Initiator, MpesaConfig } from '../config.ts';
import { noteOf, post, wholeShillings } from '../fields.ts';
import { type ResultAddresses, resultAddressesOf } from '../initiator/addresses.ts';

interface ReversalBody extends ResultAddresses {
  readonly Initiator: string;
  readonly SecurityCredential: string;
  readonly CommandID: 'TransactionReversal';
  readonly TransactionID: string;
  readonly Amount: string;
  readonly ReceiverParty: string;
  /** Spelled so. */
  readonly RecieverIdentifierType: '11';
  readonly Remarks: string;
}

const LONGEST_NOTE = 100;

/**
 * Builds the reversal of a collection, whole or in part.
 * @throws InvalidRequestError naming the field: a payment whose receipt is not known (only a callback or a statement brings it),
 * more than was paid, a fraction of a shilling.
 * Source: docs/providers/mpesa.md#reversal
 */
export function buildReversal(config: MpesaConfig, initiator: Initiator, request: SubmitRequest): HttpRequest {
  const { original, money } = request;
  const receipt = original?.receipt;
  if (original === undefined || receipt === undefined) {
    throw new InvalidRequestError({ field: 'original', expected: 'a collection whose M-Pesa receipt is known' });
  }
  if (money.amountMinor > original.money.amountMinor) {
    throw new InvalidRequestError({ field: 'amount', expected: 'no more than was paid' });
  }
  const body: ReversalBody = {
    Initiator: initiator.name,
    SecurityCredential: initiator.securityCredential,
    CommandID: 'TransactionReversal',
    TransactionID: receipt,
    Amount: wholeShillings(money),
    ReceiverParty: config.till ?? config.shortcode,
    RecieverIdentifierType: '11',
    ...resultAddressesOf(request.callbackUrl, 'reversal', config),
    Remarks: noteOf(request.description, LONGEST_NOTE),
  };
  return post(`${config.baseUrl}/mpesa/reversal/v1/request`, body);
}
