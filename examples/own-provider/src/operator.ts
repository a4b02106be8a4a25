/** The other side, for tests: an operator as a function, with books of its own and faults on demand. */
import { type HttpRequest, type HttpResponse, sleep, systemClock, type Transport, TransportError } from '@canza/core';
import type { ProviderBehaviour, ProviderFault, ProviderStage } from '@canza/core/contracts';

export interface Movement {
  readonly id: string;
  readonly phone: string;
  readonly amount: string;
}

export interface Operator {
  readonly transport: Transport;
  readonly books: readonly Movement[];
  behave(behaviour: ProviderBehaviour): void;
  /** What goes wrong with the next request of a stage. */
  arm(stage: ProviderStage, fault: ProviderFault): void;
}

const STATES = { approves: 'paid', declines: 'declined', 'lacks-funds': 'no_funds', ignores: 'waiting' } as const;

const json = (status: number, body: object): HttpResponse => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

/** Faults that keep a request from having an effect. */
const WITHOUT_EFFECT: Partial<Record<ProviderFault, () => HttpResponse>> = {
  'request-lost': () => {
    throw new TransportError('connection-lost', 'The request was lost.');
  },
  'too-many-requests': () => json(429, {}),
  'token-refused': () => json(401, {}),
  'error-500-before': () => json(500, {}),
};

/** The other faults: the operator has done what it was asked, and says so badly. */
function spoil(fault: ProviderFault, reply: HttpResponse): HttpResponse {
  if (fault === 'html') return { status: 200, headers: { 'content-type': 'text/html' }, body: '<html>' };
  if (fault === 'empty-200') return { ...reply, body: '' };
  if (fault === 'cut-json') return { ...reply, body: reply.body.slice(0, 5) };
  if (fault === 'error-500-after') return json(500, {});
  throw new TransportError('timeout', 'The reply was lost.');
}

export function createOperator(apiKey: string): Operator {
  const payments = new Map<string, { readonly state: string; readonly receipt: string }>();
  const books: Movement[] = [];
  const armed = new Map<ProviderStage, ProviderFault>();
  let behaviour: ProviderBehaviour = 'approves';

  const answer = ({ method, url, headers, body = '' }: HttpRequest): HttpResponse => {
    if (headers['authorization'] !== `Bearer ${apiKey}`) return json(401, {});
    const known = payments.get(new URL(url).pathname.split('/').at(-1) ?? '');
    if (method === 'GET') return known === undefined ? json(404, { code: 'unknown' }) : json(200, known);
    const order = JSON.parse(body) as Movement;
    if (payments.has(order.id)) return json(409, { code: 'taken' });
    const payment = { state: STATES[behaviour], receipt: `DP${payments.size + 1}` };
    payments.set(order.id, payment);
    if (payment.state === 'paid') books.push({ id: order.id, phone: order.phone, amount: order.amount });
    return json(201, { state: 'waiting' });
  };

  return {
    books,
    behave: (next) => (behaviour = next),
    arm: (stage, fault) => armed.set(stage, fault),
    async transport(request, { timeoutMs = 30_000 } = {}) {
      const stage = request.method === 'POST' ? 'submit' : 'query';
      const fault = armed.get(stage);
      armed.delete(stage);
      const before = fault === undefined ? undefined : WITHOUT_EFFECT[fault];
      if (before !== undefined) return before();
      const reply = answer(request);
      if (fault === 'hang') await sleep(systemClock, timeoutMs);
      return fault === undefined ? reply : spoil(fault, reply);
    },
  };
}
