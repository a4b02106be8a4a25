import { isFinal, type PaymentRecord } from '@canza/core';

import type { PlayedOperator } from '../operators/operator.ts';

/** See {@link Asking}. */
export const CAN_BE_ASKED = 'the operator can be asked';

/** What asking the operator can bring to light about a payment whose outcome nobody knew. */
type Asking =
  /** Its books hold the request, or its not knowing it is a proof. */
  | typeof CAN_BE_ASKED
  /** It was asked, has never had the request, and its not knowing it proves nothing. */
  | 'the operator never had it'
  /** There is no such question, or the id for it was lost with the reply. */
  | 'nobody can be asked'
  /** The record names no attempt in doubt: a failover may have lost one. */
  | 'a failover may have lost an attempt';

/** A payment whose outcome was not known after its request had left, and how it ended. */
export interface Doubt {
  readonly transactionId: string;
  readonly operator: string;
  readonly type: PaymentRecord['type'];
  readonly asking: Asking;
  /** A failover of the journal has lost something of it. */
  readonly isLost: boolean;
  /** Why a person has to look; left out where it was found out. */
  readonly review?: string;
}

/**
 * Payments whose outcome was unknown for a while: a send came to its end, and the operator had not shown that it has it. Those that are
 * accepted and wait for a payer are none, unless they end in `review`.
 */
export class DoubtWatch {
  readonly #doubted = new Set<string>();

  take({ transactionId, status, attempts }: PaymentRecord): void {
    const last = attempts.at(-1);
    const isUnknown = status === 'pending' && last?.moneyMoved === 'maybe' && last.acknowledged !== true;
    if (isUnknown || status === 'review') this.#doubted.add(transactionId);
  }

  /** How all of them ended. */
  ends(
    records: Iterable<PaymentRecord>,
    operators: readonly PlayedOperator[],
    lost: ReadonlySet<string>,
  ): readonly Doubt[] {
    const doubts: Doubt[] = [];
    for (const record of records) {
      const { transactionId, status, type } = record;
      if (!this.#doubted.has(transactionId)) continue;
      if (!isFinal(status) && status !== 'review') continue;
      const last = record.attempts.at(-1);
      const operator = operators.find(({ providers }) => providers.includes(last?.provider ?? ''));
      doubts.push({
        transactionId,
        operator: operator?.name ?? 'none',
        type,
        asking: askingOf(record, operator),
        isLost: lost.has(transactionId),
        ...(status === 'review' ? { review: whyOf(record) } : {}),
      });
    }
    return doubts;
  }
}

function askingOf({ type, status, attempts }: PaymentRecord, operator: PlayedOperator | undefined): Asking {
  const last = attempts.at(-1);
  if (operator === undefined || last === undefined) return 'a failover may have lost an attempt';
  if (status === 'review' && last.moneyMoved === 'no') return 'a failover may have lost an attempt';
  const { takesQuestions, isInBooks, denialProves } = operator.standingOf(type, last);
  if (!takesQuestions) return 'nobody can be asked';
  return isInBooks || denialProves ? CAN_BE_ASKED : 'the operator never had it';
}

const whyOf = ({ evidence }: PaymentRecord): string =>
  evidence.findLast(({ code }) => code === 'REVIEW')?.detail ?? 'for no reason';
