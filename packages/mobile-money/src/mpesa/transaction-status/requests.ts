import type { HttpRequest } from '@canza/core';

import type { Initiator, MpesaConfig } from '../config.ts';
import { noteOf, post } from '../fields.ts';
import type { ResultAddresses } from '../initiator/addresses.ts';

/** What is asked about: a receipt, or the OriginatorConversationID of a request in doubt. */
export type TransactionInDoubt = { readonly receipt: string } | { readonly originatorConversationId: string };

interface TransactionStatusBody extends ResultAddresses {
  readonly Initiator: string;
  readonly SecurityCredential: string;
  readonly CommandID: 'TransactionStatusQuery';
  readonly TransactionID?: string;
  readonly OriginalConversationID?: string;
  readonly PartyA: string;
  readonly IdentifierType: '4';
  readonly Remarks: string;
}

/**
 * Builds the question what became of a transaction. One of the two ids is sent, never an empty one beside it.
 * Source: docs/providers/mpesa.md#transaction-status
 */
export function buildTransactionStatus(
  config: MpesaConfig,
  initiator: Initiator,
  doubt: TransactionInDoubt,
  addresses: ResultAddresses,
): HttpRequest {
  const body: TransactionStatusBody = {
    Initiator: initiator.name,
    SecurityCredential: initiator.securityCredential,
    CommandID: 'TransactionStatusQuery',
    ...('receipt' in doubt
      ? { TransactionID: doubt.receipt }
      : { OriginalConversationID: doubt.originatorConversationId }),
    PartyA: config.shortcode,
    IdentifierType: '4',
    ...addresses,
    Remarks: noteOf('Status', 100),
  };
  return post(`${config.baseUrl}/mpesa/transactionstatus/v1/query`, body);
}
