import type { HttpRequest, SubmitRequest } from '@canza/core';

import type { Initiator, MpesaConfig, PayoutCommand } from '../config.ts';
import { kenyanMobile, noteOf, post, wholeShillings } from '../fields.ts';
import { type ResultAddresses, resultAddressesOf } from '../initiator/addresses.ts';

interface B2cBody extends ResultAddresses {
  readonly OriginatorConversationID: string;
  readonly InitiatorName: string;
  readonly SecurityCredential: string;
  readonly CommandID: PayoutCommand;
  readonly Amount: string;
  readonly PartyA: string;
  readonly PartyB: string;
  readonly Remarks: string;
  /** Spelled so. */
  readonly Occassion: string;
}

const LONGEST_NOTE = 100;

/**
 * Builds a payout to a customer, version 3: with an id of our own, which Daraja takes once.
 * @throws InvalidRequestError naming the field: an amount with a fraction of a shilling or below one, another currency than KES,
 * a number that is no Kenyan mobile.
 * Source: docs/providers/mpesa.md#payout
 */
export function buildPayout(
  config: MpesaConfig,
  initiator: Initiator,
  command: PayoutCommand,
  request: SubmitRequest,
): HttpRequest {
  const body: B2cBody = {
    OriginatorConversationID: originatorConversationIdOf(request.reference),
    InitiatorName: initiator.name,
    SecurityCredential: initiator.securityCredential,
    CommandID: command,
    Amount: wholeShillings(request.money),
    PartyA: config.shortcode,
    PartyB: kenyanMobile(request.msisdn),
    Remarks: noteOf(request.description, LONGEST_NOTE),
    ...resultAddressesOf(request.callbackUrl, 'payout', config),
    Occassion: noteOf(request.accountReference ?? request.description, LONGEST_NOTE),
  };
  return post(`${config.baseUrl}/mpesa/b2c/v3/paymentrequest`, body);
}

/**
 * Our id of a payout, derived from the attempt's reference: the same in every life of a process. 19 digits, because one page of
 * the portal wants fewer than 20 characters.
 * Source: docs/providers/mpesa.md#payout
 */
export const originatorConversationIdOf = (reference: string): string => reference.slice(0, 19);
