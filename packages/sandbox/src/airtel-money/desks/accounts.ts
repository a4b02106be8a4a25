import type { HttpResponse } from '@canza/core';

import type { Call } from '../../router.ts';
import { jsonReply, rawNumber } from '../../wire.ts';
import { ACCOUNTS, type Account } from '../books.ts';
import { COUNTRIES } from '../countries.ts';
import { msisdnOf, nationalOf } from '../fields.ts';
import { formatBalance, formatPlain } from '../money.ts';
import { envelope } from '../replies.ts';
import type { DeskParts } from './parts.ts';

export interface AccountDesk {
  /** The first version knows the collection wallet alone. */
  readonly balance: (version: 'v1' | 'v2') => (call: Call) => HttpResponse;
  readonly user: (call: Call) => HttpResponse;
  readonly encryptionKey: () => HttpResponse;
  readonly transactions: (call: Call) => HttpResponse;
}

const KEY_ID = 100;
const YEAR_MS = 365 * 24 * 3_600_000;
const OK = { code: '200', message: 'SUCCESS', result_code: 'ESB000010' } as const;

/** Our balance, a customer's data, the key, and the list of what was done. Source: docs/sandbox/airtel-money.md#questions */
export function createAccountDesk(parts: DeskParts, publicKey: string): AccountDesk {
  const { application, books, clock, shapes, subscribers, transactions } = parts;
  const { country, currency } = application;
  return {
    balance:
      (version) =>
      ({ url }) => {
        const wanted = version === 'v1' ? 'COLL' : url.searchParams.get('type');
        const account: Account | undefined = ACCOUNTS.find((one) => one === wanted);
        if (account === undefined) {
          return envelope({ code: '400', message: 'User not found', response_code: 'DP02100000002', success: false });
        }
        // "false" beside success, as in the official sample.
        const status = { ...OK, response_code: 'DP02100000001', success: shapes.successFlag === 'true' };
        const balance = formatBalance(books.accountMinor(account), currency);
        return envelope(status, { balance, currency, account_status: 'Active' });
      },
    user({ params }) {
      const asked = params['msisdn'] ?? '';
      // Sources differ about the country code, so that both spellings are known here.
      const { callingCode } = COUNTRIES[country];
      const msisdn = msisdnOf(country, asked) ?? msisdnOf(country, asked.slice(callingCode.length));
      const standing = msisdn === undefined ? 'unregistered' : subscribers.stateOf(msisdn);
      if (msisdn === undefined || standing === 'unregistered') {
        return envelope({ code: '400', message: 'User not found', response_code: 'DP02200000000', success: false });
      }
      const { first, last } = subscribers.nameOf(msisdn);
      return envelope(
        { ...OK, response_code: 'DP02200000001', success: true },
        {
          first_name: first,
          last_name: last,
          grade: 'SUBS',
          is_barred: standing === 'barred',
          is_pin_set: true,
          msisdn: nationalOf(country, msisdn),
          registration: { status: 'SUBS' },
        },
      );
    },
    encryptionKey() {
      const key = { key_id: KEY_ID, key: publicKey, valid_upto: dayFirst(clock.nowMs() + YEAR_MS) };
      const status = { response_code: 'DP02010001001', code: '200', success: true, message: 'SUCCESS' };
      return shapes.encryptionKey === 'top' ? jsonReply(200, { ...key, status }) : envelope(status, key);
    },
    transactions({ url }) {
      const numberOf = (name: string, otherwise: number): number => {
        const text = url.searchParams.get(name);
        return text !== null && /^\d+$/.test(text) ? Number(text) : otherwise;
      };
      const from = numberOf('from', 0);
      const to = numberOf('to', Number.MAX_SAFE_INTEGER);
      const found = transactions.all.filter(
        ({ startedAtMs, status }) => status === 'TS' && startedAtMs >= from && startedAtMs <= to,
      );
      const limit = numberOf('limit', 50);
      const page = numberOf('offset', 0);
      return envelope(
        { ...OK, success: true },
        {
          count: found.length,
          transactions: found.slice(page * limit, (page + 1) * limit).map((transaction) => ({
            service: { type: transaction.family.toUpperCase() },
            [transaction.family === 'collection' ? 'payer' : 'payee']: {
              currency,
              msisdn: rawNumber(nationalOf(country, transaction.msisdn).replace(/^0+/, '')),
            },
            transaction: {
              airtel_money_id: transaction.referenceId ?? transaction.airtelMoneyId,
              amount: rawNumber(formatPlain(transaction.amountMinor, currency)),
              created_at: transaction.startedAtMs,
              id: transaction.id,
              reference_number: transaction.reference,
              status: transaction.status,
            },
          })),
        },
      );
    },
  };
}

/** `12-08-2024 21:29:26`, with no word about the zone. */
function dayFirst(atMs: number): string {
  const [date = '', time = ''] = new Date(atMs).toISOString().split('T');
  return `${date.split('-').toReversed().join('-')} ${time.slice(0, 8)}`;
}
