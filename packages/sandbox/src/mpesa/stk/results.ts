import type { HandsetBehaviour } from '../../handset.ts';

/** How an STK payment ended. */
export interface StkResult {
  /** As text, because not every code is a number: `0`, `1032`, `SFC_IC0003`. */
  readonly code: string;
  /** Wording of the callback. */
  readonly description: string;
  /** Wording of the query, where it is another. */
  readonly queryDescription?: string;
}

/** Source: docs/providers/mpesa.md#stk-results */
export const STK_RESULTS = {
  paid: { code: '0', description: 'The service request is processed successfully.' },
  insufficientFunds: { code: '1', description: 'The balance is insufficient for the transaction.' },
  aboveLargest: { code: '3', description: 'The amount is above the maximum for a transaction.' },
  dailyLimit: { code: '4', description: 'The amount exceeds the daily limit of the customer.' },
  repeated: { code: '17', description: 'Rule limited.' },
  promptTooLong: { code: '1025', description: 'An error occurred while sending a push request.' },
  cancelled: { code: '1032', description: 'Request cancelled by user' },
  noAnswer: {
    code: '1037',
    description: 'No response from user.',
    queryDescription: 'DS timeout user cannot be reached.',
  },
  wrongPin: { code: '2001', description: 'The initiator information is invalid.' },
  notPermitted: { code: '2028', description: 'The request is not permitted according to product assignment.' },
  unknownReceiver: { code: 'SFC_IC0003', description: 'The operator does not exist.' },
} as const satisfies Readonly<Record<string, StkResult>>;

/** What the payer's behaviour ends in; approval still has to be booked. */
export const RESULT_OF_BEHAVIOUR: Readonly<Record<Exclude<HandsetBehaviour, 'approve'>, StkResult>> = {
  decline: STK_RESULTS.cancelled,
  'wrong-pin': STK_RESULTS.wrongPin,
  ignore: STK_RESULTS.noAnswer,
  unreachable: STK_RESULTS.noAnswer,
  'insufficient-funds': STK_RESULTS.insufficientFunds,
};

/** A code as callbacks carry it: a number, where it is one. */
export const numericCode = (code: string): number | string => (/^\d{1,9}$/.test(code) ? Number(code) : code);
