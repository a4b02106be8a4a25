import type { Attributes } from '@opentelemetry/api';

import type { Unsubscribe } from '../events.ts';
import type { WatchedSettlement, WatchedSettlements } from '../telemetry.ts';
import { maskNumbers } from './mask-numbers.ts';
import { ATTRIBUTES } from './names.ts';
import { traceIdOfSettlement } from './trace-ids.ts';
import type { Watch } from './watch.ts';

/** Listens to a settlement service, and reads gauges whenever metrics are collected. */
export function watchSettlements(service: WatchedSettlements, { spans, instruments }: Watch): Unsubscribe[] {
  return [
    service.on('settlement.changed', ({ settlement, from }) => {
      if (from === undefined) instruments.count('settlementsAccepted', labelsOf(settlement));
    }),
    service.on('settlement.ended', ({ settlement }) => {
      const { status, reason, network, settlementId, transactionHash } = settlement;
      const labels = {
        ...labelsOf(settlement),
        [ATTRIBUTES.settlementStatus]: status,
        ...(reason === undefined ? {} : { [ATTRIBUTES.settlementReason]: reason }),
      };
      const startMs = Date.parse(settlement.createdAt);
      const endMs = Date.parse(settlement.updatedAt);
      instruments.count('settlementsEnded', labels);
      instruments.time('settlementDuration', endMs - startMs, labels);
      const step = {
        name: `settlement ${settlement.kind}`,
        traceId: traceIdOfSettlement(network, settlementId),
        attributes: {
          ...labels,
          [ATTRIBUTES.transactionId]: maskNumbers(settlementId),
          [ATTRIBUTES.moneyMoved]: settlement.moneyMoved,
          ...(transactionHash === undefined ? {} : { [ATTRIBUTES.transactionHash]: transactionHash }),
        },
      };
      spans.record(step, startMs, endMs, { attributes: {}, isFault: status === 'review' });
    }),
    service.on('alert', ({ alert }) => instruments.count('settlementAlerts', { [ATTRIBUTES.alert]: alert })),
    instruments.observe('transactionsOpen', (result) => result.observe(service.metrics().transactions.open)),
    instruments.observe('transactionsStuck', (result) => result.observe(service.metrics().transactions.stuck)),
    instruments.observe('transactionsOldest', (result) =>
      result.observe(service.metrics().transactions.oldestOpenMs / 1000),
    ),
    instruments.observe('feesPaid', (result) => result.observe(Number(service.metrics().feesPaid))),
  ];
}

const labelsOf = ({ kind, network, toCurrency }: WatchedSettlement): Attributes => ({
  [ATTRIBUTES.settlementKind]: kind,
  [ATTRIBUTES.network]: network,
  [ATTRIBUTES.currency]: toCurrency,
});
