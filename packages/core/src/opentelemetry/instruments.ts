import type { Attributes, Histogram, Meter, ObservableResult } from '@opentelemetry/api';

import { METRICS, type MetricDefinition } from './names.ts';

/** Telemetry is never worth a payment: whatever an SDK throws stays here. */
export function quietly(work: () => void): void {
  try {
    work();
  } catch {
    // Nobody can be told: the one who would tell is the one who threw.
  }
}

type Name = keyof typeof METRICS;

/** Records what happened, under the names of the table. */
export interface Instruments {
  count(name: Name, attributes: Attributes): void;
  /** Milliseconds in; the metric is in seconds. */
  time(name: Name, durationMs: number, attributes: Attributes): void;
  /** Reads a value whenever metrics are collected, until the returned function is called. */
  observe(name: Name, read: (result: ObservableResult) => void | Promise<void>): () => void;
}

export function createInstruments(meter: Meter): Instruments {
  const counter = ({ name, kind: _kind, ...options }: MetricDefinition) => meter.createCounter(name, options);
  const histogram = ({ name, kind: _kind, ...options }: MetricDefinition) => meter.createHistogram(name, options);
  const observable = ({ name, kind, ...options }: MetricDefinition) =>
    kind === 'gauge' ? meter.createObservableGauge(name, options) : meter.createObservableCounter(name, options);

  const counters = new Map<Name, ReturnType<typeof counter>>();
  const histograms = new Map<Name, Histogram>();
  for (const name of Object.keys(METRICS) as Name[]) {
    const definition = METRICS[name];
    if (definition.kind === 'counter') counters.set(name, counter(definition));
    if (definition.kind === 'histogram') histograms.set(name, histogram(definition));
  }

  return {
    count: (name, attributes) => quietly(() => counters.get(name)?.add(1, attributes)),
    time: (name, durationMs, attributes) => quietly(() => histograms.get(name)?.record(durationMs / 1000, attributes)),
    observe(name, read) {
      const instrument = observable(METRICS[name]);
      instrument.addCallback(read);
      return () => instrument.removeCallback(read);
    },
  };
}
