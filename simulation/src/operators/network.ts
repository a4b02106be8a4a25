import { type Clock, type HttpRequest, type HttpResponse, sleep, type Transport, TransportError } from '@canza/core';

import type { Chance } from '../chance.ts';
import type { Knobs } from '../knobs.ts';
import { attemptKey, type PlayedOperator, type Question } from './operator.ts';

/** All operators behind one transport: by host name, with answers that lag behind and answers that belong to somebody else. */
export interface OperatorNetwork {
  readonly transport: Transport;
  readonly operatorAt: (request: HttpRequest) => PlayedOperator | undefined;
}

export interface NetworkOptions {
  readonly operators: readonly PlayedOperator[];
  readonly clock: Clock;
  readonly chance: Chance;
  readonly knobs: Knobs;
  readonly isRough: () => boolean;
}

export function createOperatorNetwork({ operators, clock, chance, knobs, isRough }: NetworkOptions): OperatorNetwork {
  const byHost = new Map(operators.flatMap((each) => each.hosts.map((host) => [host, each] as const)));
  const operatorAt = ({ url }: HttpRequest): PlayedOperator | undefined => byHost.get(new URL(url).hostname);
  /** When each attempt was first sent, by operator and key. */
  const sentAtMs = new Map<string, number>();
  const answers = new Map<string, { readonly key: string; readonly response: HttpResponse }[]>();

  /** As the operator answers while its own books lag behind what it has accepted. */
  const lagging = (operator: PlayedOperator, request: HttpRequest, question: Question): HttpRequest => {
    const sent = sentAtMs.get(`${operator.name} ${attemptKey(question.key)}`);
    return sent !== undefined && clock.monotonicMs() - sent < knobs.lagMs ? question.about('') : request;
  };

  /** The answer to a question, or the one that was meant for somebody else's. */
  const crossed = (operator: PlayedOperator, { key }: Question, response: HttpResponse): HttpResponse => {
    const before = answers.get(operator.name) ?? [];
    answers.set(operator.name, [...before.filter((each) => each.key !== key), { key, response }]);
    if (!chance.happens(knobs.crossed)) return response;
    const others = before.filter((each) => each.key !== key);
    return others[chance.index(Math.max(1, others.length))]?.response ?? response;
  };

  return {
    operatorAt,
    transport: async (request, options) => {
      const operator = operatorAt(request);
      if (operator === undefined) throw new TransportError('not-connected', 'No operator has that host.');
      const key = operator.spendOf(request)?.key;
      if (key !== undefined && !sentAtMs.has(`${operator.name} ${key}`)) {
        sentAtMs.set(`${operator.name} ${key}`, clock.monotonicMs());
      }
      const wait = async (): Promise<void> => {
        if (isRough() && knobs.latencyMs > 0) await sleep(clock, chance.between(0, knobs.latencyMs));
      };
      await wait();
      const question = isRough() ? operator.questionOf(request) : undefined;
      const asked = question === undefined ? request : lagging(operator, request, question);
      const response = await operator.transport(asked, options);
      await wait();
      return question === undefined ? response : crossed(operator, question, response);
    },
  };
}
