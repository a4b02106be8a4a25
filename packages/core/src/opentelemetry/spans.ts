import {
  type Attributes,
  type Context,
  context,
  type Link,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  type SpanOptions,
  SpanStatusCode,
  TraceFlags,
  type Tracer,
  trace,
} from '@opentelemetry/api';

import { PaymentError } from '../errors/base.ts';
import { redactText } from '../redact.ts';
import { quietly } from './instruments.ts';
import { ATTRIBUTES } from './names.ts';

/** What is known of a step once it is over. */
export interface Told {
  readonly attributes: Attributes;
  readonly isFault?: boolean;
}

export interface Step {
  readonly name: string;
  readonly kind?: SpanKind;
  /** The trace it belongs to, of {@link traceIdOf}; left out, the one that is active. */
  readonly traceId?: string;
  readonly attributes: Attributes;
  /** Adds to the context in which the work runs. */
  readonly mark?: (within: Context) => Context;
}

export interface Spans {
  /** Runs the work exactly once, whatever telemetry does, and tells the span what came of it. */
  around<T>(step: Step, work: () => Promise<T>, tell: (result: T) => Told): Promise<T>;
  /** A span of the past. */
  record(step: Step, startMs: number, endMs: number, told: Told): void;
}

export interface SpansSettings {
  readonly tracer: Tracer;
  /** Share of payments, 0 to 1, that are traced. */
  readonly sampledShare: number;
}

export function createSpans({ tracer, sampledShare }: SpansSettings): Spans {
  /** Under the trace of a payment, with a link to whatever asked for it; otherwise under what is active. */
  const placeOf = (traceId: string | undefined): { readonly parent: Context; readonly links: Link[] } => {
    const active = context.active();
    const around = trace.getSpanContext(active);
    if (traceId === undefined || around?.traceId === traceId) return { parent: active, links: [] };
    const isSampled = Number.parseInt(traceId.slice(0, 8), 16) / 2 ** 32 < sampledShare;
    const parent = trace.setSpanContext(ROOT_CONTEXT, {
      traceId,
      // Nobody writes the span of this id: it stands for the payment, whose steps are equals.
      spanId: traceId.slice(16),
      traceFlags: isSampled ? TraceFlags.SAMPLED : TraceFlags.NONE,
      isRemote: true,
    });
    return { parent, links: around === undefined ? [] : [{ context: around }] };
  };
  const start = (
    { name, kind = SpanKind.INTERNAL, traceId, attributes, mark = (within) => within }: Step,
    options: SpanOptions = {},
  ) => {
    const { parent, links } = placeOf(traceId);
    const span = tracer.startSpan(name, { kind, attributes, links, ...options }, parent);
    return { span, within: mark(trace.setSpan(parent, span)) };
  };
  return {
    async around(step, work, tell) {
      let started: { readonly span: Span; readonly within: Context } | undefined;
      quietly(() => {
        started = start(step);
      });
      if (started === undefined) return work();
      const { span, within } = started;
      try {
        const result = await onceWithin(within, work);
        quietly(() => finish(span, tell(result)));
        return result;
      } catch (error) {
        quietly(() => finish(span, toldOf(error)));
        throw error;
      } finally {
        quietly(() => span.end());
      }
    },
    record(step, startMs, endMs, told) {
      quietly(() => {
        const { span } = start(step, { startTime: startMs });
        finish(span, told);
        span.end(endMs);
      });
    },
  };
}

/** The work is money: a context manager that throws must neither keep it from running nor have it run again. */
function onceWithin<T>(within: Context, work: () => Promise<T>): Promise<T> {
  let running: Promise<T> | undefined;
  // Asynchronous, so that work that throws at once has run too.
  const once = (): Promise<T> => (running ??= (async () => work())());
  quietly(() => void context.with(within, once));
  return once();
}

function finish(span: Span, { attributes, isFault = false }: Told): void {
  span.setAttributes(attributes);
  if (isFault) span.setStatus({ code: SpanStatusCode.ERROR });
}

/** What of an error may be told: its code, never its message or its stack. */
export function toldOf(error: unknown): Told {
  const known = PaymentError.isInstance(error) ? error : undefined;
  return {
    isFault: true,
    attributes: {
      [ATTRIBUTES.errorType]: known?.code ?? 'UNFORESEEN',
      ...(known === undefined ? {} : { [ATTRIBUTES.moneyMoved]: known.moneyMoved }),
      ...(known?.providerCode === undefined ? {} : { [ATTRIBUTES.operatorCode]: redactText(known.providerCode) }),
    },
  };
}
