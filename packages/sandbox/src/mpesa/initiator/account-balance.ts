import type { HttpRequest, HttpResponse } from '@canza/core';

import type { JsonFields } from '../../wire.ts';
import { compactStamp } from '../east-africa-time.ts';
import { type Read, textOf } from '../fields.ts';
import { formatKes } from '../money.ts';
import { ACCOUNTS_OF } from '../organisations.ts';
import type { OperationContext } from './operation.ts';
import { type InitiatorRequest, isWrongOwnShortcode, readInitiatorRequest } from './request.ts';

export const readAccountBalance = (
  fields: JsonFields,
  { organisations, errors }: OperationContext,
): Read<InitiatorRequest> =>
  readInitiatorRequest(
    fields,
    {
      initiator: 'Initiator',
      shortcode: 'PartyA',
      occasion: 'Occasion',
      remarksAtLeast: 0,
      between: {
        CommandID: fields['CommandID'] !== 'AccountBalance',
        PartyA: isWrongOwnShortcode(fields['PartyA'], organisations),
        IdentifierType: textOf(fields['IdentifierType']) !== '4',
      },
    },
    errors,
  );

/** Tells what an organisation's accounts hold. */
export const acceptAccountBalance = (
  request: InitiatorRequest,
  httpRequest: HttpRequest,
  { conversations, books, clock, organisations }: OperationContext,
): Promise<HttpResponse> =>
  conversations.accept(
    {
      operation: 'account-balance',
      request,
      execute() {
        const { shortcode } = request;
        const accounts = ACCOUNTS_OF[organisations.get(shortcode)?.kind ?? 'pay-bill'].map((name) => {
          const balance = formatKes(books.accountMinor(shortcode, name));
          return `${name}|KES|${balance}|${balance}|0.00|0.00`;
        });
        return {
          code: '0',
          description: 'The service request is processed successfully',
          parameters: [
            { Key: 'AccountBalance', Value: accounts.join('&') },
            { Key: 'BOCompletedTime', Value: compactStamp(clock.nowMs()) },
          ],
        };
      },
    },
    httpRequest,
  );
