import type { HandsetBehaviour, HandsetReaction } from '../handset.ts';
import { type KnownCode, meaningOf } from './codes.ts';

/** What a query says; there is no word for "failed". */
export type TransactionStatus = 'Completed' | 'Cancelled' | 'Expired' | 'N/A';

/** Where a transaction arrives. */
export interface Ending {
  readonly status: Exclude<TransactionStatus, 'N/A'>;
  readonly code: string;
  readonly description: string;
}

/** What becomes of a transaction. */
export interface Course {
  readonly ending: Ending;
  /** Milliseconds until then; the operator's usual time when left out. */
  readonly afterMs?: number | undefined;
  /** Whose time it takes, where a person decides. */
  readonly behaviour?: HandsetBehaviour;
  /** How the call is answered at once, whatever happens then. */
  readonly answer?: KnownCode;
}

/** Ends a transaction by a code: only `INS-0` moves money. */
export const endingOf = (code: string, description: string = meaningOf(code).description): Ending => ({
  status: code === 'INS-0' ? 'Completed' : code === 'INS-9' ? 'Expired' : 'Cancelled',
  code,
  description,
});

/** Source: docs/sandbox/vodacom-mpesa.md#handset */
const CODE_OF_BEHAVIOUR: Readonly<Record<HandsetBehaviour, KnownCode>> = {
  approve: 'INS-0',
  decline: 'INS-6',
  'wrong-pin': 'INS-6',
  ignore: 'INS-9',
  unreachable: 'INS-9',
  'insufficient-funds': 'INS-2006',
};

const behaving = (behaviour: HandsetBehaviour): Course => ({
  behaviour,
  ending: endingOf(CODE_OF_BEHAVIOUR[behaviour]),
});

/** What a person makes of a prompt. */
export function courseOf(reaction: HandsetReaction): Course {
  const { behaviour, thinkingMs: afterMs } = reaction;
  if (behaviour !== 'code') return { ...behaving(behaviour), afterMs };
  // A success is for `approve`, which looks whether the money is there.
  const code = reaction.code === 'INS-0' ? 'INS-6' : reaction.code;
  return { behaviour: 'approve', ending: endingOf(code, reaction.description), afterMs };
}

/** What goes its way without anybody's doing. */
export const CARRIED_OUT: Course = { ending: endingOf('INS-0') };

const atOnce = (code: KnownCode): Course => ({ ending: endingOf(code), afterMs: 0 });

/** By `input_CustomerMSISDN` of a collection. Source: docs/sandbox/vodacom-mpesa.md#trigger-numbers */
const C2B_TRIGGERS: readonly Course[] = [
  atOnce('INS-0'),
  { ...behaving('approve'), answer: 'INS-9' },
  { ...behaving('unreachable'), answer: 'INS-9' },
  atOnce('INS-6'),
  atOnce('INS-1'),
  atOnce('INS-6'),
  atOnce('INS-15'),
  atOnce('INS-2006'),
  atOnce('INS-16'),
];

/** By `input_CustomerMSISDN` of a payout, or `input_ReceiverPartyCode` of a transfer. */
const PAYOUT_TRIGGERS: readonly Course[] = [
  atOnce('INS-0'),
  atOnce('INS-1'),
  atOnce('INS-6'),
  { ...CARRIED_OUT, answer: 'INS-9' },
  atOnce('INS-15'),
  atOnce('INS-2006'),
  atOnce('INS-16'),
];

/** The number of a trigger: zeros and one digit, of a given length in all. */
const triggerOf = (text: string, length: number): number =>
  text.length === length && /^0+[1-9]$/.test(text) ? Number(text.slice(-1)) : 0;

const MSISDN_LENGTH = 12;
const CODE_LENGTH = 6;

export const c2bTrigger = (msisdn: string): Course | undefined => C2B_TRIGGERS[triggerOf(msisdn, MSISDN_LENGTH) - 1];
export const b2cTrigger = (msisdn: string): Course | undefined => PAYOUT_TRIGGERS[triggerOf(msisdn, MSISDN_LENGTH) - 1];
export const b2bTrigger = (code: string): Course | undefined => PAYOUT_TRIGGERS[triggerOf(code, CODE_LENGTH) - 1];

const REVERSAL_TRIGGERS: readonly KnownCode[] = ['INS-0', 'INS-1', 'INS-6', 'INS-15', 'INS-2006', 'INS-35', 'INS-16'];

/** By `input_TransactionID` of a reversal, which is 13 digits long. */
export const reversalTrigger = (id: string): KnownCode | undefined => REVERSAL_TRIGGERS[triggerOf(id, 13) - 1];

const QUERY_TRIGGERS: readonly (KnownCode | undefined)[] = [undefined, 'INS-20', 'INS-1', 'INS-6', 'INS-16'];

/** By `input_QueryReference`: what a query says, or the code that refuses it. */
export function queryTrigger(
  reference: string,
  reversedStatus: TransactionStatus,
): { readonly status: TransactionStatus } | { readonly code: KnownCode } | undefined {
  const short = triggerOf(reference, 12);
  if (short === 1) return { status: 'Completed' };
  const long = triggerOf(reference, 21);
  if (long === 1) return { status: reversedStatus };
  const code = QUERY_TRIGGERS[(short === 0 ? long : short) - 1];
  return code === undefined ? undefined : { code };
}
