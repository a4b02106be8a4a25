import type {
  Attempt,
  Clock,
  CurrencyCode,
  HttpRequest,
  PaymentType,
  ProviderFactory,
  Random,
  Transport,
} from '@canza/core';
import type { EventListener, FaultPlan, HandsetBehaviour } from '@canza/sandbox';

import type { Chance } from '../chance.ts';

export interface OperatorPorts {
  readonly clock: Clock;
  readonly random: Random;
  readonly deliver: Transport;
  readonly onEvent: EventListener;
  /** Where bridges take callbacks. */
  readonly callbackBaseUrl: string;
  /** Draws the shapes in which this operator answers. */
  readonly chance: Chance;
}

/** Money that moved, by the operator's own books. */
export interface Movement {
  readonly kind: 'collection' | 'disbursement' | 'refund';
  /** What we called it: see {@link attemptKey}, or a callback token. */
  readonly key?: string;
  /** Of a refund that carries no id of ours: the operator's id of what is given back. */
  readonly originalReceipt?: string;
  readonly receipt: string;
  readonly amountMinor: bigint;
}

/** A request that may move money. */
export interface Spend {
  /** Of the attempt: its key or its callback token; left out where an operator is told neither. */
  readonly key?: string;
  /** Of a refund: the operator's id of what is given back. */
  readonly originalReceipt?: string;
}

/** A request that asks what became of a payment. */
export interface Question {
  /** Of the attempt, or the operator's own id of it. */
  readonly key: string;
  /** The same question about something else. */
  about(key: string): HttpRequest;
}

/** What can be found out about an attempt by asking its operator, now that nothing goes wrong any more. */
interface Standing {
  /** There is a question about such a payment, and what it needs has reached us. */
  readonly takesQuestions: boolean;
  /** The request stands in the operator's books, whatever became of it. */
  readonly isInBooks: boolean;
  /** Where it does not, the operator's "not found" proves that it never came. */
  readonly denialProves: boolean;
}

/** One operator as a plain function, its wallets, and the providers that speak to it. */
export interface PlayedOperator {
  readonly name: string;
  readonly currency: CurrencyCode;
  readonly factories: readonly ProviderFactory[];
  /** Their names, as records have them. */
  readonly providers: readonly string[];
  /** Host names that its providers call. */
  readonly hosts: readonly string[];
  readonly transport: Transport;
  readonly types: readonly ('collection' | 'disbursement')[];
  /** Whether a collection can be given back in part. */
  readonly refunds: 'part' | 'whole';
  readonly faults: FaultPlan;
  readonly secrets: readonly string[];
  /** Amounts that everybody takes, in major units. */
  amount(index: number): string;
  msisdn(index: number): string;
  setPhone(msisdn: string, behaviour: HandsetBehaviour): void;
  /** What has moved since it was asked last, oldest first. */
  takeMovements(): readonly Movement[];
  spendOf(request: HttpRequest): Spend | undefined;
  questionOf(request: HttpRequest): Question | undefined;
  standingOf(type: PaymentType, attempt: Pick<Attempt, 'reference' | 'references' | 'callbackToken'>): Standing;
  close(): Promise<void>;
}

/**
 * What is left of our reference in every operator's spelling of it: M-Pesa cuts it, MTN makes a UUID of it. 48 bits, enough
 * for one run.
 */
export const attemptKey = (reference: string): string => reference.replaceAll('-', '').slice(0, 12);

export const tokenIn = (callbackUrl: string): string | undefined => /\/callbacks\/([^/]+)/.exec(callbackUrl)?.[1];

/** Reads the rows of a register that were added since the last time. */
export function newRows<Row>(read: () => readonly Row[]): () => readonly Row[] {
  let seen = 0;
  return () => {
    const rows = read();
    const fresh = rows.slice(seen);
    seen = rows.length;
    return fresh;
  };
}

export const jsonOf = ({ body }: HttpRequest): Readonly<Record<string, unknown>> => {
  try {
    return JSON.parse(body ?? '{}') as Readonly<Record<string, unknown>>;
  } catch {
    return {};
  }
};

export const textIn = (json: Readonly<Record<string, unknown>>, field: string): string | undefined => {
  const value = json[field];
  return typeof value === 'string' ? value : undefined;
};
