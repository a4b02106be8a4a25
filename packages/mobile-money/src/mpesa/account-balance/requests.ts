import type { HttpRequest } from '@canza/core';

import type { Initiator, MpesaConfig } from '../config.ts';
import { post } from '../fields.ts';
import { type AnswerAddresses, answerAddressesOf } from '../initiator/addresses.ts';

/**
 * Builds the question what our accounts hold.
 * Source: docs/providers/mpesa.md#account-balance
 */
export const buildAccountBalance = (
  config: MpesaConfig,
  initiator: Initiator,
  addresses: AnswerAddresses,
): HttpRequest =>
  post(`${config.baseUrl}/mpesa/accountbalance/v1/query`, {
    Initiator: initiator.name,
    SecurityCredential: initiator.securityCredential,
    CommandID: 'AccountBalance',
    PartyA: config.shortcode,
    IdentifierType: '4',
    Remarks: 'Balance',
    ...answerAddressesOf(addresses, config),
  });
