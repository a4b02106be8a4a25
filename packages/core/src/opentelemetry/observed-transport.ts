import { context, createContextKey, SpanKind } from '@opentelemetry/api';

import type { Clock, HttpResponse, Transport } from '../environment.ts';
import { TransportError } from '../errors/provider.ts';
import { type Instruments, quietly } from './instruments.ts';
import { ATTRIBUTES } from './names.ts';
import { type Spans, type Told, toldOf } from './spans.ts';

export interface Observer {
  readonly spans: Spans;
  readonly instruments: Instruments;
  readonly clock: Clock;
  /** The observed form of a transport: one for all that use it, because providers of one credential share a token by it. */
  readonly transportOf: (transport: Transport) => Transport;
}

export function createTransportObserver(parts: Omit<Observer, 'transportOf'>): Observer['transportOf'] {
  const known = new WeakMap<Transport, Transport>();
  return (transport) => {
    const observed = known.get(transport) ?? observedTransport(transport, parts);
    known.set(transport, observed);
    return observed;
  };
}

/** Under which the name of the provider that is at work lies in the context. */
export const PROVIDER = createContextKey('canza.provider');

/**
 * A transport whose exchanges are spans and measurements. Of an address only the host is told (paths and queries hold phone
 * numbers), of headers and bodies nothing; and nothing is added to a request, because operators sign what they are sent.
 */
const observedTransport =
  (transport: Transport, { spans, instruments, clock }: Omit<Observer, 'transportOf'>): Transport =>
  async (request, options) => {
    const provider = context.active().getValue(PROVIDER);
    const attributes = {
      [ATTRIBUTES.httpMethod]: request.method,
      [ATTRIBUTES.serverAddress]: hostnameOf(request.url),
      ...(typeof provider === 'string' ? { [ATTRIBUTES.provider]: provider } : {}),
    };
    const startedMs = clock.monotonicMs();
    const measure = (told: Told): void =>
      instruments.time('httpRequest', clock.monotonicMs() - startedMs, { ...attributes, ...told.attributes });
    try {
      const response = await spans.around(
        { name: request.method, kind: SpanKind.CLIENT, attributes },
        () => transport(request, options),
        toldOfResponse,
      );
      quietly(() => measure(toldOfResponse(response)));
      return response;
    } catch (error) {
      quietly(() => measure({ attributes: { [ATTRIBUTES.errorType]: failureOf(error) } }));
      throw error;
    }
  };

/** As the semantic conventions have it, a client's 4xx and 5xx are errors, named by their status. */
function toldOfResponse({ status }: HttpResponse): Told {
  const isFault = status >= 400;
  return {
    isFault,
    attributes: { [ATTRIBUTES.httpStatus]: status, ...(isFault ? { [ATTRIBUTES.errorType]: String(status) } : {}) },
  };
}

/** `timeout`, `not-connected` and their like, which tell more than that the transport failed. */
const failureOf = (error: unknown): string =>
  TransportError.isInstance(error) ? error.failure : String(toldOf(error).attributes[ATTRIBUTES.errorType]);

const hostnameOf = (url: string): string => (URL.canParse(url) ? new URL(url).hostname : 'unknown');
