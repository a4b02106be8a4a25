import type { MetricOptions } from '@opentelemetry/api';

/**
 * Every name that telemetry uses, in one place: dashboards and alerts are checked against these tables.
 * Names that OpenTelemetry's semantic conventions know are taken from there; the others begin with `canza`.
 */

/** Attributes of spans and metrics. A metric has only those of few values; ids are on spans alone. */
export const ATTRIBUTES = {
  /** Masked where it holds a phone number. On spans only. */
  transactionId: 'canza.transaction.id',
  /** Ours, of one attempt: what the operator was told. On spans only. */
  reference: 'canza.attempt.reference',
  paymentType: 'canza.payment.type',
  paymentStatus: 'canza.payment.status',
  paymentReason: 'canza.payment.reason',
  moneyMoved: 'canza.money.moved',
  country: 'canza.country',
  currency: 'canza.currency',
  provider: 'canza.provider',
  route: 'canza.route',
  operation: 'canza.operation',
  /** What the operator said: the status of a finding. */
  finding: 'canza.finding',
  /** The operator's code, as it was spelled. On spans only. */
  operatorCode: 'canza.operator.code',
  /** Whether a callback that changed nothing contradicts what is proven. */
  contradicts: 'canza.callback.contradicts',
  journalOperation: 'canza.journal.operation',
  journalOutcome: 'canza.journal.outcome',
  /** The line that the journal keeps of a write: what happened. On spans only. */
  journalNote: 'canza.journal.note',
  settlementKind: 'canza.settlement.kind',
  settlementStatus: 'canza.settlement.status',
  settlementReason: 'canza.settlement.reason',
  network: 'canza.network',
  /** What a node answered: the status of a submission, an estimate or a sighting. */
  networkAnswer: 'canza.network.answer',
  /** The ledger's name for a transaction. On spans only. */
  transactionHash: 'canza.transaction.hash',
  alert: 'canza.alert',
  errorType: 'error.type',
  httpMethod: 'http.request.method',
  httpStatus: 'http.response.status_code',
  serverAddress: 'server.address',
} as const;

/** Seconds: an operator's answer takes from a few milliseconds to its time-out. */
const CALL_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];
/** Seconds: a payment takes from a second to the deadline of its review. */
const PAYMENT_SECONDS = [0.5, 1, 2.5, 5, 10, 20, 30, 60, 120, 300, 900, 3600, 21_600, 86_400];

/** A metric: its name, its kind, its unit and what it counts. */
export interface MetricDefinition extends MetricOptions {
  readonly name: string;
  readonly kind: 'counter' | 'histogram' | 'gauge' | 'observed-counter';
  readonly description: string;
  readonly unit: string;
}

const counter = (name: string, unit: string, description: string): MetricDefinition => ({
  name,
  kind: 'counter',
  unit,
  description,
});
const gauge = (name: string, unit: string, description: string): MetricDefinition => ({
  name,
  kind: 'gauge',
  unit,
  description,
});
const observedCounter = (name: string, unit: string, description: string): MetricDefinition => ({
  name,
  kind: 'observed-counter',
  unit,
  description,
});
const seconds = (name: string, description: string, bounds: readonly number[]): MetricDefinition => ({
  name,
  kind: 'histogram',
  unit: 's',
  description,
  advice: { explicitBucketBoundaries: [...bounds] },
});

/** Every metric that is measured. */
export const METRICS = {
  accepted: counter('canza.payments.accepted', '{payment}', 'Payments that were accepted and stored.'),
  settled: counter('canza.payments.settled', '{payment}', 'Payments that came to rest: succeeded, failed or review.'),
  paymentDuration: seconds('canza.payment.duration', 'From acceptance until a payment came to rest.', PAYMENT_SECONDS),
  operatorCall: seconds('canza.operator.call.duration', 'Calls to operators, tokens included.', CALL_SECONDS),
  httpRequest: seconds('http.client.request.duration', 'HTTP exchanges with operators.', CALL_SECONDS),
  journalCall: seconds('canza.journal.call.duration', 'Calls of the journal.', CALL_SECONDS),
  callbacksIgnored: counter('canza.callbacks.ignored', '{callback}', 'Callbacks that changed nothing.'),
  routeState: gauge('canza.route.state', '{state}', '0 operational, 1 delayed, 2 closed.'),
  inReview: gauge('canza.payments.in_review', '{payment}', 'Payments that wait for a person, counted up to 100.'),
  oldestAge: gauge('canza.payments.oldest.age', 's', 'Age of the oldest payment that is in a status; 0 without one.'),
  journalSuspect: gauge('canza.journal.suspect', '{journal}', '1 while the journal may have lost acknowledged writes.'),
  settlementsAccepted: counter(
    'canza.settlements.accepted',
    '{settlement}',
    'Settlements that were accepted and stored.',
  ),
  settlementsEnded: counter(
    'canza.settlements.ended',
    '{settlement}',
    'Settlements at rest: settled, failed or review.',
  ),
  settlementDuration: seconds(
    'canza.settlement.duration',
    'From acceptance until a settlement came to rest.',
    PAYMENT_SECONDS,
  ),
  settlementAlerts: counter('canza.settlement.alerts', '{alert}', 'What a person should know of, each once.'),
  networkCall: seconds('canza.network.call.duration', 'Questions to nodes, and submissions.', CALL_SECONDS),
  transactionsOpen: gauge(
    'canza.settlement.transactions.open',
    '{transaction}',
    'Transactions that this process follows.',
  ),
  transactionsStuck: gauge('canza.settlement.transactions.stuck', '{transaction}', 'Of those, open for too long.'),
  transactionsOldest: gauge(
    'canza.settlement.transactions.oldest.age',
    's',
    'Age of the oldest of them; 0 without one.',
  ),
  feesPaid: observedCounter('canza.settlement.fees', '{base_unit}', 'Fees paid, in base units of the fee asset.'),
  redisInFlight: gauge('canza.redis.commands.in_flight', '{command}', 'Commands whose reply is awaited.'),
  redisWaiting: gauge('canza.redis.commands.waiting', '{command}', 'Commands that wait for the connection.'),
  redisReplies: observedCounter('canza.redis.replies', '{command}', 'Commands that were answered.'),
  redisRefusals: observedCounter('canza.redis.refusals', '{command}', 'Commands answered with an error.'),
  redisTimeouts: observedCounter('canza.redis.timeouts', '{command}', 'Commands given up at their deadline.'),
  redisLosses: observedCounter('canza.redis.losses', '{command}', 'Commands lost with their connection.'),
  redisConnections: observedCounter('canza.redis.connections', '{connection}', 'Connections opened.'),
} as const satisfies Record<string, MetricDefinition>;
