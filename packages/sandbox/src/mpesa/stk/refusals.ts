import type { DarajaBooks } from '../books.ts';
import { eastAfricaDay } from '../east-africa-time.ts';
import type { DarajaLimits } from '../settings.ts';
import type { StkPush } from './request.ts';
import { STK_RESULTS, type StkResult } from './results.ts';

/** The longest text a prompt can have. Source: docs/providers/mpesa.md#stk-results */
const LONGEST_PROMPT = 182;

/** What M-PESA refuses without asking anybody. */
export function refuseUnasked(
  { shortcode, receiver, amountMinor, accountReference }: StkPush,
  { receivers, limits }: { readonly receivers: ReadonlySet<string>; readonly limits: DarajaLimits },
): StkResult | undefined {
  if (!receivers.has(receiver)) return STK_RESULTS.unknownReceiver;
  if (receiver !== (shortcode.till ?? shortcode.shortcode)) return STK_RESULTS.notPermitted;
  if (amountMinor > limits.largestPaymentMinor) return STK_RESULTS.aboveLargest;
  const what = `KES ${amountMinor / 100n} to ${shortcode.businessName} account no. ${accountReference}`;
  return `Do you want to pay ${what}? Enter M-PESA PIN`.length > LONGEST_PROMPT ? STK_RESULTS.promptTooLong : undefined;
}

/** What M-PESA refuses although the PIN was right. */
export function refuseApproved(
  { payer, receiver, amountMinor }: StkPush,
  {
    books,
    limits,
    nowMs,
    repeatWindowMs,
  }: {
    readonly books: DarajaBooks;
    readonly limits: DarajaLimits;
    readonly nowMs: number;
    readonly repeatWindowMs: number;
  },
): StkResult | undefined {
  const today = eastAfricaDay(nowMs);
  let spentTodayMinor = 0n;
  for (const charge of books.charges({ msisdn: payer })) {
    const isSame = charge.shortcode === receiver && charge.amountMinor === amountMinor;
    if (isSame && nowMs < charge.atMs + repeatWindowMs) return STK_RESULTS.repeated;
    if (eastAfricaDay(charge.atMs) === today) spentTodayMinor += charge.amountMinor;
  }
  if (spentTodayMinor + amountMinor > limits.dailyPerPayerMinor) return STK_RESULTS.dailyLimit;
  return books.walletMinor(payer) < amountMinor ? STK_RESULTS.insufficientFunds : undefined;
}
