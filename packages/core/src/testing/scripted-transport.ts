import type { HttpRequest, HttpResponse, Transport } from '../environment.ts';
import { TransportError, type TransportFailure } from '../errors/provider.ts';

/** One answer of the script: a reply, a failure to reply, or a function of the request. */
export type ScriptedStep =
  | { readonly status?: number; readonly json: unknown; readonly headers?: Readonly<Record<string, string>> }
  | { readonly status?: number; readonly text: string; readonly headers?: Readonly<Record<string, string>> }
  | { readonly failure: TransportFailure }
  | ((request: HttpRequest) => HttpResponse | Promise<HttpResponse>);

/** A transport that answers by a script, and keeps what it was asked. */
export interface ScriptedTransport extends Transport {
  /** Every request so far, oldest first. */
  readonly requests: readonly HttpRequest[];
  /** Adds answers at the end of the script. */
  answer(...steps: readonly ScriptedStep[]): void;
}

/** A transport that gives the answers of a script in order, and fails loudly when the script is over. */
export function createScriptedTransport(...script: readonly ScriptedStep[]): ScriptedTransport {
  const steps = [...script];
  const requests: HttpRequest[] = [];
  const transport = async (request: HttpRequest): Promise<HttpResponse> => {
    requests.push(request);
    const step = steps.shift();
    if (step === undefined) throw new Error(`The script has no answer left for ${request.method} ${request.url}`);
    if (typeof step === 'function') return step(request);
    if ('failure' in step) throw new TransportError(step.failure, 'The script says that there is no reply.');
    const isJson = 'json' in step;
    return {
      status: step.status ?? 200,
      headers: { 'content-type': isJson ? 'application/json' : 'text/html', ...step.headers },
      body: isJson ? JSON.stringify(step.json) : step.text,
    };
  };
  return Object.assign(transport, { requests, answer: (...more: readonly ScriptedStep[]) => void steps.push(...more) });
}
