import type { HttpRequest } from '@canza/core';

import type { SendReport } from '../callback-reports.ts';
import type { Deliveries } from '../deliveries.ts';
import type { FaultPlan } from '../faults.ts';
import { buildCallback, type CallbackSettings, type CallbackStatement, type HashMode } from './callback.ts';
import type { AirtelTransaction } from './transactions.ts';

/** What is told about a transaction without being asked. */
export interface Notices {
  /** Before the reply: a forgery, and whether the end is to be told ahead of the reply. */
  readonly begin: (
    operation: string,
    transaction: AirtelTransaction,
    request: HttpRequest,
  ) => { readonly isAhead: boolean };
  /** The end of a transaction. */
  readonly end: (
    operation: string,
    transaction: AirtelTransaction,
    request: HttpRequest,
    isAhead: boolean,
  ) => Promise<void>;
}

export interface NoticesOptions {
  readonly faults: FaultPlan;
  readonly deliveries: Deliveries;
  readonly report: SendReport;
  /** Read anew each time: the address can be changed in the portal. */
  readonly settings: () => CallbackSettings | undefined;
  readonly callbackDelayMs: number;
  /** A text like the one in the customer's SMS. */
  readonly describe: (transaction: AirtelTransaction, surplusMinor: bigint) => string;
  readonly drawMoneyId: () => string;
}

/** Callbacks know two ends: whatever is not paid has failed. */
const statusCodeOf = ({ status }: AirtelTransaction): string => (status === 'TS' ? 'TS' : 'TF');

const A_LITTLE_MINOR = 100n;

export function createNotices(options: NoticesOptions): Notices {
  const { faults, deliveries, report, settings, describe, drawMoneyId } = options;

  const truth = (transaction: AirtelTransaction, surplusMinor: bigint): CallbackStatement => ({
    id: transaction.id,
    message: transaction.status === 'TS' ? describe(transaction, surplusMinor) : transaction.message,
    statusCode: statusCodeOf(transaction),
    airtelMoneyId: transaction.airtelMoneyId ?? '',
  });
  const claim = (transaction: AirtelTransaction): CallbackStatement => ({
    id: transaction.id,
    message: describe(transaction, 0n),
    statusCode: 'TS',
    airtelMoneyId: transaction.airtelMoneyId ?? drawMoneyId(),
  });
  const opposite = (transaction: AirtelTransaction): CallbackStatement =>
    transaction.status === 'TS'
      ? { ...truth(transaction, 0n), message: 'transaction failed', statusCode: 'TF' }
      : claim(transaction);

  const hashMode = (operation: string, request: HttpRequest): HashMode => {
    const [fault] = faults.takeForCallback(operation, request, ['unsigned', 'wrong-signature']);
    if (fault === undefined) return 'right';
    return fault.kind === 'unsigned' ? 'absent' : 'wrong';
  };

  return {
    begin(operation, transaction, request) {
      const early = faults.takeForCallback(operation, request, ['before-reply', 'forged', 'intermediate']);
      const addressed = settings();
      for (const { kind, delayMs = 0 } of early) {
        if (addressed === undefined || kind === 'before-reply') continue;
        const told =
          kind === 'forged'
            ? buildCallback(claim(transaction), addressed, 'wrong')
            : buildCallback({ ...truth(transaction, 0n), message: 'in progress', statusCode: 'TIP' }, addressed);
        deliveries.sendAfter(delayMs, operation, told);
      }
      return { isAhead: early.some(({ kind }) => kind === 'before-reply') };
    },
    async end(operation, transaction, request, isAhead) {
      const addressed = settings();
      if (addressed === undefined) return;
      const mode = hashMode(operation, request);
      await report({
        operation,
        request,
        dueMs: options.callbackDelayMs,
        isAhead,
        truth: (isAmountWrong) =>
          buildCallback(truth(transaction, isAmountWrong ? A_LITTLE_MINOR : 0n), addressed, mode),
        opposite: () => buildCallback(opposite(transaction), addressed, mode),
      });
    },
  };
}
