import type { HttpRequest } from '@canza/core';

import type { SendReport } from '../callback-reports.ts';
import type { Deliveries } from '../deliveries.ts';
import type { FaultPlan } from '../faults.ts';
import { CODES, type KnownCode } from './codes.ts';
import type { VodacomShapes } from './settings.ts';
import type { VodacomTransaction } from './transactions.ts';

/** What is told to the response URL. */
export interface Results {
  /** Before the reply: a forgery, and whether the end is to be told ahead of the reply. */
  readonly begin: (transaction: VodacomTransaction, request: HttpRequest) => { readonly isAhead: boolean };
  /** The end of a transaction. */
  readonly end: (transaction: VodacomTransaction, request: HttpRequest, isAhead: boolean) => Promise<void>;
}

export interface ResultsOptions {
  readonly faults: FaultPlan;
  readonly deliveries: Deliveries;
  readonly report: SendReport;
  /** Read anew each time: it can be changed in the portal. */
  readonly responseUrl: () => string | undefined;
  readonly method: VodacomShapes['resultMethod'];
  readonly resultDelayMs: number;
  readonly drawTransactionId: () => string;
}

/** What a result claims. */
interface Result {
  readonly transactionId: string;
  readonly code: string;
  readonly description: string;
}

const claim = (code: KnownCode, transactionId: string): Result => ({
  transactionId,
  code,
  description: CODES[code].description,
});

const truthOf = ({ transactionId, code = '', description = '' }: VodacomTransaction): Result => ({
  transactionId,
  code,
  description,
});

/** Source: docs/sandbox/vodacom-mpesa.md#asynchronous-results */
export function createResults(options: ResultsOptions): Results {
  const { faults, deliveries, report, responseUrl, method } = options;

  const write = (
    url: string,
    { conversationId, thirdPartyConversationId }: VodacomTransaction,
    result: Result,
  ): HttpRequest => ({
    method,
    url,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      input_OriginalConversationID: conversationId,
      input_TransactionID: result.transactionId,
      input_ResultCode: result.code,
      input_ResultDesc: result.description,
      input_ThirdPartyConversationID: thirdPartyConversationId,
    }),
  });
  return {
    begin(transaction, request) {
      const url = responseUrl();
      if (url === undefined) return { isAhead: false };
      const early = faults.takeForCallback(transaction.kind, request, ['before-reply', 'forged']);
      for (const { kind, delayMs = 0 } of early) {
        if (kind !== 'forged') continue;
        const forged = write(url, transaction, claim('INS-0', options.drawTransactionId()));
        deliveries.sendAfter(delayMs, transaction.kind, forged);
      }
      return { isAhead: early.some(({ kind }) => kind === 'before-reply') };
    },
    async end(transaction, request, isAhead) {
      const url = responseUrl();
      if (url === undefined) return;
      const { kind, status, transactionId } = transaction;
      await report({
        operation: kind,
        request,
        dueMs: options.resultDelayMs,
        isAhead,
        // A result names no amount, so none can be wrong in it.
        truth: () => write(url, transaction, truthOf(transaction)),
        opposite: () => write(url, transaction, claim(status === 'Completed' ? 'INS-6' : 'INS-0', transactionId)),
      });
    },
  };
}
