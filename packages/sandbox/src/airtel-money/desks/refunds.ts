import type { HttpResponse } from '@canza/core';

import type { JsonFields } from '../../wire.ts';
import { type Checked, objectOf, textOf } from '../fields.ts';
import { envelope, gatewayReply, refuse, refuseByBus } from '../replies.ts';
import type { DeskParts } from './parts.ts';

export interface RefundDesk {
  readonly give: (airtelMoneyId: string) => HttpResponse;
}

/** Only Airtel's own id finds what is to be given back; there is no amount, and no id of the caller's. */
export function readRefund(fields: JsonFields): Checked<string> {
  const id = textOf(objectOf(fields['transaction'])['airtel_money_id']);
  if (id !== undefined) return { ok: true, value: id };
  return { ok: false, refusal: gatewayReply(400, 'ROUTER003', 'airtel_money_id is missing') };
}

/** Gives a paid collection back, whole, and once. Source: docs/sandbox/airtel-money.md#refunds */
export function createRefundDesk({
  books,
  clock,
  identifiers,
}: Pick<DeskParts, 'books' | 'clock' | 'identifiers'>): RefundDesk {
  return {
    give(airtelMoneyId) {
      const [collection] = books.collections({ airtelMoneyId });
      if (collection === undefined) {
        return refuse('collection', '1025', { message: 'Transaction not found', resultCode: 'ESB000045' });
      }
      if (books.refunds({ originalAirtelMoneyId: airtelMoneyId }).length > 0) {
        return refuseByBus('ESB000011', 'Transaction was refunded before');
      }
      const { msisdn, amountMinor } = collection;
      if (books.accountMinor('COLL') < amountMinor) return refuseByBus('ESB000011', 'Insufficient balance');
      const atMs = clock.nowMs();
      books.refund({
        kind: 'collection',
        airtelMoneyId: identifiers.moneyId('CI', atMs),
        originalAirtelMoneyId: airtelMoneyId,
        msisdn,
        amountMinor,
        atMs,
      });
      return envelope(
        { code: '200', message: 'SUCCESS', result_code: 'ESB000010', success: true },
        { transaction: { airtel_money_id: airtelMoneyId, status: 'SUCCESS' } },
      );
    },
  };
}
