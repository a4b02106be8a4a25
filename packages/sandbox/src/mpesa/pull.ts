import type { Clock, HttpResponse } from '@canza/core';

import { asUuidText } from '../draw.ts';
import { type JsonFields, jsonReply, rawNumber } from '../wire.ts';
import type { Charge, DarajaBooks } from './books.ts';
import { isoStamp, readSpacedStamp } from './east-africa-time.ts';
import type { DarajaErrors } from './error-replies.ts';
import { isCallbackUrl, isMsisdn, type Read, refuse, take, textOf } from './fields.ts';
import { formatKesShort } from './money.ts';
import type { Organisation } from './organisations.ts';
import type { DarajaShapes } from './settings.ts';

/** How far back the operator tells. */
const WINDOW_MS = 48 * 60 * 60 * 1000;

interface PullQuery {
  readonly shortcode: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly offset: number;
}

/** Customers' payments of the last two days, on demand: what a lost confirmation can still be found by. */
export interface PullDesk {
  readonly readRegistration: (fields: JsonFields) => Read<string>;
  readonly register: (shortcode: string) => HttpResponse;
  readonly readQuery: (fields: JsonFields) => Read<PullQuery>;
  readonly query: (query: PullQuery) => HttpResponse;
}

export interface PullDeskOptions {
  readonly clock: Clock;
  readonly books: DarajaBooks;
  readonly errors: DarajaErrors;
  readonly organisations: ReadonlyMap<string, Organisation>;
  readonly shapes: DarajaShapes;
  /** 32 hex digits. */
  readonly drawReference: () => string;
}

export function createPullDesk(options: PullDeskOptions): PullDesk {
  const { clock, books, errors, organisations, shapes } = options;
  const registered = new Set<string>();
  const reference = (): string => asUuidText(options.drawReference());
  const invalid = (what: string): Read<never> => refuse(errors.envelope(400, '400.001', `Invalid ${what}`));
  return {
    readRegistration(fields) {
      const shortcode = textOf(fields['ShortCode']);
      if (!organisations.has(shortcode)) return invalid('ShortCode');
      if (fields['RequestType'] !== 'Pull') return invalid('RequestType');
      if (!isMsisdn(fields['NominatedNumber'])) return invalid('NominatedNumber');
      if (!isCallbackUrl(fields['CallBackURL'])) return invalid('CallBackURL');
      return take(shortcode);
    },
    register(shortcode) {
      const isNew = !registered.has(shortcode);
      registered.add(shortcode);
      return jsonReply(200, {
        ResponseRefID: reference(),
        ResponseStatus: isNew ? '1000' : '1001',
        ShortCode: shortcode,
        ResponseDescription: isNew ? 'Shortcode Registered Successfully' : 'Shortcode already Registered',
      });
    },
    readQuery(fields) {
      const shortcode = textOf(fields['ShortCode']);
      const fromMs = readSpacedStamp(fields['StartDate']);
      const toMs = readSpacedStamp(fields['EndDate']);
      const offset = textOf(fields['OffSetValue']);
      if (!organisations.has(shortcode) || !registered.has(shortcode)) return invalid('ShortCode');
      if (fromMs === undefined) return invalid('StartDate');
      if (toMs === undefined || toMs < fromMs) return invalid('EndDate');
      if (!/^\d{1,6}$/.test(offset)) return invalid('OffSetValue');
      return take({ shortcode, fromMs, toMs, offset: Number(offset) });
    },
    query({ shortcode, fromMs, toMs, offset }) {
      const oldestMs = Math.max(fromMs, clock.nowMs() - WINDOW_MS);
      const found = books
        .charges({ shortcode })
        .filter(({ atMs }) => atMs >= oldestMs && atMs <= toMs)
        .slice(offset);
      return jsonReply(200, {
        ResponseRefID: reference(),
        ResponseCode: '1000',
        ResponseMessage: 'Success',
        Response: [found.map((charge) => describeCharge(charge, organisations.get(shortcode), shapes))],
      });
    },
  };
}

const describeCharge = (
  { receipt, atMs, msisdn, accountReference, amountMinor }: Charge,
  organisation: Organisation | undefined,
  { pullTimes }: DarajaShapes,
): object => ({
  transactionId: receipt,
  trxDate: isoStamp(atMs, pullTimes),
  msisdn: rawNumber(msisdn.slice(-9)),
  sender: 'MPESA',
  transactiontype: organisation?.kind === 'till' ? 'c2b-buy-goods-debit' : 'c2b-pay-bill-debit',
  billreference: accountReference,
  amount: formatKesShort(amountMinor),
  organizationname: organisation?.name ?? '',
});
