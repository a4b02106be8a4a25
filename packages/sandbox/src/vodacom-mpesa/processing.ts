import {
  type CancelTimer,
  type Clock,
  DeadlineError,
  type HttpRequest,
  type HttpResponse,
  maskMsisdn,
  withDeadline,
} from '@canza/core';

import type { HandsetReaction } from '../handset.ts';
import type { Schedule } from '../schedule.ts';
import type { OpenBooks } from './books.ts';
import type { KnownCode } from './codes.ts';
import type { VodacomIdentifiers } from './identifiers.ts';
import { type Course, courseOf, type Ending, endingOf } from './outcomes.ts';
import { refuse, succeed } from './replies.ts';
import type { Results } from './results.ts';
import type { VodacomApplication, VodacomTimings } from './settings.ts';
import { end, isOpen, type OpenTransaction, type Transactions, type VodacomTransaction } from './transactions.ts';

/** A payment of any kind that passed its checks. */
type Order = Pick<
  VodacomTransaction,
  | 'kind'
  | 'market'
  | 'currency'
  | 'thirdPartyConversationId'
  | 'organisation'
  | 'party'
  | 'reference'
  | 'originalTransactionId'
  | 'amountMinor'
  | 'ends'
>;

interface Run {
  readonly order: Order;
  readonly course: Course;
  readonly request: HttpRequest;
  /** Looks once more when the money is about to move. */
  readonly lastCheck?: () => KnownCode | undefined;
}

/** What runs payments of all kinds, and answers their calls. */
export interface Processing {
  readonly run: (run: Run) => Promise<HttpResponse>;
  /** Lets the person with this phone answer the last prompt that is open; `false` when there is none. */
  readonly answerPrompt: (msisdn: string, reaction: HandsetReaction) => boolean;
}

export interface ProcessingOptions {
  readonly clock: Clock;
  readonly schedule: Schedule;
  readonly books: OpenBooks;
  readonly identifiers: VodacomIdentifiers;
  readonly transactions: Transactions;
  readonly results: Results;
  readonly timings: VodacomTimings;
  /** Read anew each time: it can be changed in the portal. */
  readonly responses: () => VodacomApplication['responses'];
  readonly emit: (what: 'prompt' | 'result', detail: string) => void;
}

interface Running extends Run {
  readonly transaction: OpenTransaction;
  readonly isAsynchronous: boolean;
  readonly ended: PromiseWithResolvers<void>;
  timer?: CancelTimer;
}

/** Source: docs/sandbox/vodacom-mpesa.md#payments */
export function createProcessing(options: ProcessingOptions): Processing {
  const { clock, schedule, books, identifiers, transactions, results, timings } = options;
  const prompts = new Map<string, Running[]>();

  const settle = ({ transaction, order, lastCheck }: Running, ending: Ending): Ending => {
    if (ending.status !== 'Completed') return ending;
    const refused = lastCheck?.();
    if (refused !== undefined) return endingOf(refused);
    const { ends, ...rest } = order;
    const { transactionId, conversationId } = transaction;
    const movement = { ...rest, transactionId, conversationId, atMs: clock.nowMs() };
    return books.move(movement, ends) ? ending : endingOf('INS-2006');
  };

  const conclude = async (running: Running, ending: Ending, isAhead = false): Promise<void> => {
    const { transaction, request, isAsynchronous, ended } = running;
    end(transaction, settle(running, ending), clock.nowMs());
    options.emit('result', describe(transaction));
    ended.resolve();
    if (isAsynchronous) await results.end(transaction, request, isAhead);
  };

  const start = async (running: Running): Promise<void> => {
    const { transaction, request, isAsynchronous } = running;
    const { ending, afterMs, behaviour } = running.course;
    const isAhead = isAsynchronous && results.begin(transaction, request).isAhead;
    const delayMs = afterMs ?? (behaviour === undefined ? timings.processingMs : timings.thinkingMs[behaviour]);
    if (isAhead || delayMs === 0) await conclude(running, ending, isAhead);
    else running.timer = schedule.after(delayMs, () => conclude(running, ending));
  };

  /** The end of a payment in its own call, or `INS-9` when that has been open for too long. */
  const waitForEnd = async ({ transaction, ended }: Running): Promise<HttpResponse> => {
    const deadline = { timeoutMs: timings.requestTimeoutMs, signal: schedule.signal, what: 'A synchronous call' };
    try {
      await withDeadline(clock, deadline, () => ended.promise);
    } catch (error) {
      if (error instanceof DeadlineError) return refuse('INS-9');
      throw error;
    }
    const { code = 'INS-1', description } = transaction;
    if (transaction.status !== 'Completed') return refuse(code, description);
    return succeed(idsOf(transaction), httpStatusOf(transaction));
  };

  return {
    async run(run) {
      const { order, course } = run;
      const transaction: OpenTransaction = {
        ...order,
        transactionId: identifiers.transaction(),
        conversationId: identifiers.conversation(),
        startedAtMs: clock.nowMs(),
        status: 'N/A',
        queries: 0,
      };
      transactions.add(transaction);
      const isAsynchronous = options.responses() === 'asynchronous';
      const running: Running = { ...run, transaction, isAsynchronous, ended: Promise.withResolvers() };
      if (order.kind === 'c2b') {
        const ofPhone = prompts.get(order.party);
        if (ofPhone === undefined) prompts.set(order.party, [running]);
        else ofPhone.push(running);
        options.emit('prompt', describe(transaction));
      }
      await start(running);
      if (course.answer !== undefined) return refuse(course.answer);
      if (!isAsynchronous) return waitForEnd(running);
      const { output_TransactionID: _id, ...acknowledgement } = idsOf(transaction);
      return succeed(acknowledgement, httpStatusOf(transaction));
    },
    answerPrompt(msisdn, reaction) {
      const running = prompts.get(msisdn)?.findLast(({ transaction }) => isOpen(transaction));
      if (running === undefined) return false;
      running.timer?.();
      running.timer = schedule.after(0, () => conclude(running, courseOf(reaction).ending));
      return true;
    },
  };
}

const idsOf = ({ transactionId, conversationId, thirdPartyConversationId }: VodacomTransaction) => ({
  output_TransactionID: transactionId,
  output_ConversationID: conversationId,
  output_ThirdPartyConversationID: thirdPartyConversationId,
});

/** A collection is created, everything else is done. */
const httpStatusOf = ({ kind }: VodacomTransaction): number => (kind === 'c2b' ? 201 : 200);

const describe = ({ kind, party, status }: VodacomTransaction): string =>
  `${kind} ${kind === 'b2b' ? party : maskMsisdn(party)} ${status}`;
