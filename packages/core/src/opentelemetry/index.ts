/** `@canza/core/opentelemetry`: traces and metrics through the OpenTelemetry API, whichever SDK stands behind it. */
export { ATTRIBUTES, METRICS, type MetricDefinition } from './names.ts';
export { createTelemetry, type TelemetrySettings } from './telemetry.ts';
export { traceIdOf, traceIdOfSettlement, traceIdOfTransaction } from './trace-ids.ts';
