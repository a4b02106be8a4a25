import type { HandsetBehaviour, HandsetReaction } from '../handset.ts';

/** What a transaction can be; `TA` is no end, although it may never change again. */
export type TransactionStatus = 'TI' | 'TIP' | 'TA' | 'TS' | 'TF' | 'TE';

/** Where a transaction arrives, and the last four digits of the code that says so. */
export interface Ending {
  readonly status: 'TS' | 'TF' | 'TE' | 'TA';
  readonly digits: string;
  readonly message: string;
}

/** What becomes of a transaction. */
export interface Course {
  /** Where it begins, when not where all others do. */
  readonly opening?: 'TI';
  /** `undefined`: it stays in process. */
  readonly ending: Ending | undefined;
  /** Milliseconds until then; the operator's usual time when left out. */
  readonly afterMs?: number | undefined;
  /** Whose time it takes. */
  readonly behaviour: HandsetBehaviour;
  /** How the request is answered, when not as all others are; it is carried out all the same. */
  readonly reply?: 'timed-out' | 'ambiguous';
}

const ending = (status: Ending['status'], digits: string, message: string): Ending => ({ status, digits, message });

export const PAID = ending('TS', '1001', 'success');
export const TOO_LITTLE = ending('TF', '1007', 'insufficient balance');
const BARRED = ending('TF', '1010', 'payee is not permitted');
const OVER_LIMIT = ending('TF', '1003', 'limit exceeded');
const AMBIGUOUS = ending('TA', '1000', 'Ambiguous');

/** Source: docs/sandbox/airtel-money.md#handset */
const ENDING_OF_BEHAVIOUR: Readonly<Record<HandsetBehaviour, Ending>> = {
  approve: PAID,
  decline: ending('TF', '1008', 'refused by the customer'),
  'wrong-pin': ending('TF', '1002', 'incorrect pin'),
  ignore: ending('TE', '1005', 'user did not enter the pin'),
  unreachable: ending('TE', '1029', 'transaction expired'),
  'insufficient-funds': TOO_LITTLE,
};

const behaving = (behaviour: HandsetBehaviour): Course => ({ behaviour, ending: ENDING_OF_BEHAVIOUR[behaviour] });
const arriving = (end: Ending | undefined): Course => ({ behaviour: 'approve', ending: end });

/** By the last two digits of a customer's number. The sandbox's own: Airtel has none. Source: docs/sandbox/airtel-money.md#magic-numbers */
const MAGIC_COLLECTIONS: Readonly<Record<string, Course>> = {
  '01': behaving('wrong-pin'),
  '02': arriving(OVER_LIMIT),
  '03': behaving('ignore'),
  '04': behaving('insufficient-funds'),
  '05': behaving('decline'),
  '06': arriving(BARRED),
  '07': arriving(AMBIGUOUS),
  '08': arriving(undefined),
  '09': { ...arriving(PAID), opening: 'TI' },
  '10': { ...arriving(PAID), reply: 'timed-out' },
};

/** The same for payouts, where nobody types a PIN on a phone. */
const MAGIC_PAYOUTS: Readonly<Record<string, Course>> = {
  '02': arriving(OVER_LIMIT),
  '04': arriving(TOO_LITTLE),
  '05': arriving(ending('TF', '1005', 'transaction failed')),
  '06': arriving(BARRED),
  '07': { ...arriving(PAID), reply: 'ambiguous' },
  '08': arriving(undefined),
  '09': { ...arriving(PAID), opening: 'TI' },
  '10': { ...arriving(PAID), reply: 'timed-out' },
};

export const magicCollection = (msisdn: string): Course | undefined => MAGIC_COLLECTIONS[msisdn.slice(-2)];
export const magicPayout = (msisdn: string): Course | undefined => MAGIC_PAYOUTS[msisdn.slice(-2)];

/** What a person makes of a prompt; a code of the caller's choice decides by its last four digits. */
export function courseOf(reaction: HandsetReaction): Course {
  const { behaviour, thinkingMs } = reaction;
  if (behaviour !== 'code') return { ...behaving(behaviour), afterMs: thinkingMs };
  const digits = reaction.code.slice(-4);
  return { ...arriving(endingOfCode(digits, reaction.description ?? reaction.code)), afterMs: thinkingMs };
}

function endingOfCode(digits: string, message: string): Ending | undefined {
  if (digits === '1006' || digits === '1024') return undefined;
  if (digits === '1000') return ending('TA', digits, message);
  return ending(digits === '1005' || digits === '1029' ? 'TE' : 'TF', digits, message);
}
