import { type MeterProvider, metrics, type TracerProvider, trace } from '@opentelemetry/api';

import type { Clock } from '../environment.ts';
import { systemClock } from '../system/clock.ts';
import type { Telemetry } from '../telemetry.ts';
import { createInstruments } from './instruments.ts';
import { observedJournal } from './observed-journal.ts';
import { observedNetwork } from './observed-network.ts';
import { observedProvider } from './observed-provider.ts';
import { createTransportObserver } from './observed-transport.ts';
import { createSpans } from './spans.ts';
import { watchBridge, watchJournal, watchRedis } from './watch.ts';
import { watchSettlements } from './watch-settlements.ts';

/** Where traces and metrics go. */
export interface TelemetrySettings {
  /** Default: the one that is registered with `@opentelemetry/api`, once there is one. */
  readonly tracerProvider?: TracerProvider;
  /** Default: the one that is registered with `@opentelemetry/api` when telemetry is made, so start the SDK first. */
  readonly meterProvider?: MeterProvider;
  /**
   * Share of payments, 0 to 1, that are traced; the same ones in every process. Default 1. A payment's trace has no caller above it
   * whose decision could be followed.
   */
  readonly sampledShare?: number;
  readonly clock?: Clock;
}

/** Makes telemetry. Without an SDK nothing is recorded, and hardly anything is spent. */
export function createTelemetry(settings: TelemetrySettings = {}): Telemetry {
  const { tracerProvider = trace, meterProvider = metrics, clock = systemClock, sampledShare = 1 } = settings;
  const spans = createSpans({ tracer: tracerProvider.getTracer('@canza'), sampledShare });
  const instruments = createInstruments(meterProvider.getMeter('@canza'));
  const parts = { spans, instruments, clock };
  const observer = { ...parts, transportOf: createTransportObserver(parts) };
  return {
    providers: (factories) => factories.map((factory) => observedProvider(factory, observer)),
    network: (factory) => observedNetwork(factory, observer),
    journal: (journal) => observedJournal(journal, observer),
    watch({ bridge, settlements, journal, redis }) {
      const stops = [
        ...(bridge === undefined ? [] : watchBridge(bridge, observer)),
        ...(settlements === undefined ? [] : watchSettlements(settlements, observer)),
        ...(journal === undefined ? [] : watchJournal(journal, observer)),
        ...(redis === undefined ? [] : watchRedis(redis, observer)),
      ];
      return () => {
        for (const stop of stops) stop();
      };
    },
  };
}
