import type { Verdict } from './result.ts';

/** How M-PESA refuses what API users ask for. Source: docs/providers/mpesa.md#payout-results */
export const REFUSALS = {
  insufficientFunds: { code: '1', description: 'The balance is insufficient for the transaction.' },
  belowSmallest: { code: '2', description: 'Declined due to limit rule: less than the minimum transaction amount.' },
  aboveLargest: { code: '3', description: 'Declined due to limit rule: greater than the maximum transaction amount.' },
  dailyLimit: { code: '4', description: 'Declined due to limit rule: would exceed daily transfer limit.' },
  walletFull: { code: '8', description: 'Declined due to account rule: The result would exceed the maximum balance.' },
  malformed: { code: '25', description: 'The format of parameter null is invalid.' },
  notPermitted: { code: '2028', description: 'The request is not permitted according to product assignment.' },
  unregistered: {
    code: '2040',
    description:
      'Credit Party customer type (Unregistered or Registered Customer) can not be supported by the service.',
  },
  unknownParty: { code: 'SFC_IC0003', description: 'The operator does not exist.' },
  alreadyReversed: { code: 'R000001', description: 'The transaction has already been reversed.' },
  unknownOriginal: { code: 'R000002', description: 'The OriginalTransactionID is invalid.' },
} as const satisfies Readonly<Record<string, Verdict>>;
