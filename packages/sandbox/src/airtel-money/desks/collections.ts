import { type CancelTimer, type HttpRequest, type HttpResponse, maskMsisdn } from '@canza/core';

import type { HandsetReaction } from '../../handset.ts';
import type { PaymentFields } from '../fields.ts';
import { type Course, courseOf, magicCollection, TOO_LITTLE } from '../outcomes.ts';
import { codeOf, envelope, refuse, timedOut } from '../replies.ts';
import { type AirtelTransaction, end, isOpen, type OpenTransaction } from '../transactions.ts';
import type { DeskParts } from './parts.ts';

export interface CollectionDesk {
  /** Takes in a collection: the reply, once the callback that a fault sends ahead of it is through. */
  readonly push: (payment: PaymentFields, request: HttpRequest) => Promise<HttpResponse>;
  /** Lets the person with this phone answer the last prompt that is open; `false` when there is none. */
  readonly answerPrompt: (msisdn: string, reaction: HandsetReaction) => boolean;
}

const OPERATION = 'collection';

interface Prompt {
  readonly transaction: OpenTransaction;
  readonly request: HttpRequest;
  thinking?: CancelTimer;
}

/** Collections as Airtel runs them: "SUCCESS" at once, which means nothing, and a person who decides later. */
export function createCollectionDesk(parts: DeskParts): CollectionDesk {
  const { clock, schedule, books, subscribers, transactions, notices, identifiers, timings, shapes } = parts;
  const prompts = new Map<string, Prompt[]>();

  const tell = (what: 'prompt' | 'result', { msisdn, status }: AirtelTransaction): void =>
    parts.emit(what, `${maskMsisdn(msisdn)}${what === 'result' ? ` ${status}` : ''}`);

  const conclude = async ({ transaction, request }: Prompt, { ending }: Course, isAhead = false): Promise<void> => {
    if (!isOpen(transaction) || ending === undefined) return;
    const { msisdn, amountMinor, id, reference } = transaction;
    const nowMs = clock.nowMs();
    const isPaid = ending.status === 'TS' && books.walletMinor(msisdn) >= amountMinor;
    end(transaction, ending.status === 'TS' && !isPaid ? TOO_LITTLE : ending, nowMs);
    if (isPaid) {
      const airtelMoneyId = identifiers.moneyId('MP', nowMs);
      transaction.airtelMoneyId = airtelMoneyId;
      books.collect({ airtelMoneyId, transactionId: id, msisdn, amountMinor, reference, atMs: nowMs });
    }
    tell('result', transaction);
    if (transaction.status !== 'TA') await notices.end(OPERATION, transaction, request, isAhead);
  };

  return {
    async push(payment, request) {
      if (transactions.find(payment.id) !== undefined) {
        const message = 'External Transaction ID already exists.';
        return refuse('collection', '1000', { message, resultCode: 'ESB000041', code: '500' });
      }
      if (subscribers.stateOf(payment.msisdn) === 'unregistered') {
        return refuse('collection', '1005', { message: 'Msisdn Not Found', httpStatus: 400 });
      }
      const magic = parts.hasMagic(payment.msisdn) ? magicCollection(payment.msisdn) : undefined;
      const course = magic ?? courseOf(parts.handsets.reactTo(payment.msisdn));
      const isInitiated = course.opening === 'TI' || shapes.openStatus === 'TI';
      const transaction: OpenTransaction = {
        ...payment,
        family: 'collection',
        startedAtMs: clock.nowMs(),
        status: isInitiated ? 'TI' : 'TIP',
        digits: '1006',
        message: isInitiated ? 'initiated' : 'in progress',
        enquiries: 0,
      };
      transactions.add(transaction);
      const prompt: Prompt = { transaction, request };
      const ofPhone = prompts.get(payment.msisdn);
      if (ofPhone === undefined) prompts.set(payment.msisdn, [prompt]);
      else ofPhone.push(prompt);
      tell('prompt', transaction);
      if (notices.begin(OPERATION, transaction, request).isAhead) await conclude(prompt, course, true);
      else {
        const thinkingMs = course.afterMs ?? timings.thinkingMs[course.behaviour];
        prompt.thinking = schedule.after(thinkingMs, () => conclude(prompt, course));
      }
      if (course.reply === 'timed-out') return timedOut();
      return envelope(
        {
          code: shapes.statusCode === 'number' ? 200 : '200',
          message: 'SUCCESS',
          result_code: 'ESB000010',
          response_code: codeOf('collection', '1006'),
          success: true,
        },
        { transaction: { id: shapes.idAsFalse ? false : payment.id, status: 'SUCCESS' } },
      );
    },
    answerPrompt(msisdn, reaction) {
      const prompt = prompts.get(msisdn)?.findLast(({ transaction }) => isOpen(transaction));
      if (prompt === undefined) return false;
      prompt.thinking?.();
      prompt.thinking = schedule.after(0, () => conclude(prompt, courseOf(reaction)));
      return true;
    },
  };
}
