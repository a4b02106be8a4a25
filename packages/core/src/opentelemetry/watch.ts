import type { Attributes } from '@opentelemetry/api';

import type { Clock } from '../environment.ts';
import type { Unsubscribe } from '../events.ts';
import type { Payment, PaymentStatus } from '../payment.ts';
import type { Watched, WatchedBridge, WatchedRedis } from '../telemetry.ts';
import type { Instruments } from './instruments.ts';
import { maskNumbers } from './mask-numbers.ts';
import { ATTRIBUTES, METRICS } from './names.ts';
import type { Spans } from './spans.ts';
import { traceIdOf } from './trace-ids.ts';

export interface Watch {
  readonly spans: Spans;
  readonly instruments: Instruments;
  readonly clock: Clock;
}

const ROUTE_STATES = { operational: 0, delayed: 1, closed: 2 } as const;
const OPEN_STATUSES = ['created', 'sending', 'pending', 'review'] as const satisfies readonly PaymentStatus[];
/** Where more wait for a person, counting them says nothing more. */
const REVIEWS_COUNTED = 100;

/** Listens to a bridge, and reads gauges whenever metrics are collected. */
export function watchBridge(bridge: WatchedBridge, { spans, instruments, clock }: Watch): Unsubscribe[] {
  return [
    bridge.on('payment.changed', ({ payment, from }) => {
      if (from === undefined) instruments.count('accepted', labelsOf(payment));
    }),
    bridge.on('payment.settled', ({ payment }) => {
      const labels = { ...labelsOf(payment), ...outcomeOf(payment) };
      const startMs = Date.parse(payment.createdAt);
      const endMs = Date.parse(payment.updatedAt);
      instruments.count('settled', labels);
      instruments.time('paymentDuration', endMs - startMs, labels);
      const step = {
        name: `payment ${payment.type}`,
        traceId: traceIdOf(payment.transactionId, Math.max(1, payment.attempts.length)),
        attributes: {
          ...labels,
          [ATTRIBUTES.transactionId]: maskNumbers(payment.transactionId),
          [ATTRIBUTES.moneyMoved]: payment.moneyMoved,
          ...(payment.route === undefined ? {} : { [ATTRIBUTES.route]: payment.route }),
        },
      };
      spans.record(step, startMs, endMs, { attributes: {}, isFault: payment.status === 'review' });
    }),
    bridge.on('callback.ignored', ({ contradicts }) =>
      instruments.count('callbacksIgnored', { [ATTRIBUTES.contradicts]: contradicts }),
    ),
    instruments.observe('routeState', (result) => {
      for (const { routeId, provider, country, operation, state } of bridge.health()) {
        result.observe(ROUTE_STATES[state], {
          [ATTRIBUTES.route]: routeId,
          [ATTRIBUTES.provider]: provider,
          [ATTRIBUTES.country]: country,
          [ATTRIBUTES.operation]: operation,
        });
      }
    }),
    instruments.observe('inReview', async (result) => {
      const { payments } = await bridge.findTransactions({ status: 'review', limit: REVIEWS_COUNTED });
      result.observe(payments.length);
    }),
    instruments.observe('oldestAge', async (result) => {
      const firsts = await Promise.all(
        OPEN_STATUSES.map(async (status) => ({
          status,
          // In the order of creation, so that the first is the oldest.
          oldest: (await bridge.findTransactions({ status, limit: 1 })).payments[0],
        })),
      );
      for (const { status, oldest } of firsts) {
        const ageMs = oldest === undefined ? 0 : clock.nowMs() - Date.parse(oldest.createdAt);
        result.observe(Math.max(0, ageMs) / 1000, { [ATTRIBUTES.paymentStatus]: status });
      }
    }),
  ];
}

export const watchJournal = ({ safety }: NonNullable<Watched['journal']>, { instruments }: Watch): Unsubscribe[] =>
  safety === undefined
    ? []
    : [instruments.observe('journalSuspect', (result) => result.observe(safety.state.verdict === 'suspect' ? 1 : 0))];

const REDIS_READINGS = {
  redisInFlight: 'inFlight',
  redisWaiting: 'waiting',
  redisReplies: 'replies',
  redisRefusals: 'refusals',
  redisTimeouts: 'timeouts',
  redisLosses: 'losses',
  redisConnections: 'connections',
} as const satisfies Partial<Record<keyof typeof METRICS, keyof WatchedRedis['metrics']>>;

export const watchRedis = (redis: WatchedRedis, { instruments }: Watch): Unsubscribe[] =>
  (Object.keys(REDIS_READINGS) as (keyof typeof REDIS_READINGS)[]).map((name) =>
    instruments.observe(name, (result) => result.observe(redis.metrics[REDIS_READINGS[name]])),
  );

const labelsOf = ({ type, country, currency }: Payment): Attributes => ({
  [ATTRIBUTES.paymentType]: type,
  [ATTRIBUTES.country]: country,
  [ATTRIBUTES.currency]: currency,
});

const outcomeOf = ({ status, reason, provider }: Payment): Attributes => ({
  [ATTRIBUTES.paymentStatus]: status,
  ...(reason === undefined ? {} : { [ATTRIBUTES.paymentReason]: reason }),
  ...(provider === undefined ? {} : { [ATTRIBUTES.provider]: provider }),
});
