import type { Attributes } from '@opentelemetry/api';

import { quietly } from './instruments.ts';
import { ATTRIBUTES, type METRICS } from './names.ts';
import type { Observer } from './observed-transport.ts';
import { type Step, type Told, toldOf } from './spans.ts';

/** One call to somebody else, as it is measured and as it is told. */
export interface MeasuredCall<T> extends Step {
  readonly metric: keyof typeof METRICS;
  /** Of the metric; those of the span come in `attributes`. */
  readonly labels: Attributes;
  readonly tell: (result: T) => Told;
}

/** Makes a call once, as a span and a measurement, and gives back what it gave or threw. */
export async function measured<T>(
  { spans, instruments, clock }: Pick<Observer, 'spans' | 'instruments' | 'clock'>,
  { metric, labels, tell, ...step }: MeasuredCall<T>,
  work: () => Promise<T>,
): Promise<T> {
  const startedMs = clock.monotonicMs();
  const measure = ({ attributes }: Told): void => {
    const { [ATTRIBUTES.operatorCode]: _spanOnly, ...told } = attributes;
    instruments.time(metric, clock.monotonicMs() - startedMs, { ...labels, ...told });
  };
  try {
    const result = await spans.around(step, work, tell);
    quietly(() => measure(tell(result)));
    return result;
  } catch (error) {
    quietly(() => measure(toldOf(error)));
    throw error;
  }
}
