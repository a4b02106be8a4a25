import type { Route } from '../router.ts';
import type { PaymentDesk } from './desks/payments.ts';
import type { QuestionDesk } from './desks/questions.ts';
import type { ReversalDesk } from './desks/reversals.ts';
import type { Gate, Visit } from './gate.ts';
import { isMarketName } from './markets.ts';
import { refuse } from './replies.ts';
import type { Sessions } from './sessions.ts';

export interface RoutesOptions {
  readonly gate: Gate;
  readonly sessions: Sessions;
  readonly payments: PaymentDesk;
  readonly reversals: ReversalDesk;
  readonly questions: QuestionDesk;
}

/** Every address of the platform that the emulator answers, in the sandbox and in production. Source: docs/sandbox/vodacom-mpesa.md#addresses */
export const createRoutes = (options: RoutesOptions): readonly Route[] =>
  (['sandbox', 'openapi'] as const).flatMap((environment) => routesOf(environment, options));

function routesOf(
  environment: 'sandbox' | 'openapi',
  { gate, sessions, payments, reversals, questions }: RoutesOptions,
): readonly Route[] {
  const operation = (
    method: Route['method'],
    name: string,
    [stage, title]: readonly [Route['stage'], string],
    answer: (visit: Visit) => ReturnType<Route['handle']>,
  ): Route => ({
    method,
    path: `/${environment}/ipg/v2/{market}/${name}/`,
    stage,
    operation: title,
    handle: gate(environment === 'sandbox', answer),
  });
  return [
    {
      method: 'GET',
      path: `/${environment}/ipg/v2/{market}/getSession/`,
      stage: 'token',
      operation: 'session',
      handle: (call) => (isMarketName(call.params['market'] ?? '') ? sessions.create(call) : refuse('INS-998')),
    },
    operation('POST', 'c2bPayment/singleStage', ['submit', 'c2b'], payments.collect),
    operation('POST', 'b2cPayment', ['submit', 'b2c'], payments.payOut),
    operation('POST', 'b2cPayment/singleStage', ['submit', 'b2c'], payments.payOut),
    operation('POST', 'b2bPayment', ['submit', 'b2b'], payments.transfer),
    operation('PUT', 'reversal', ['submit', 'reversal'], reversals.reverse),
    operation('GET', 'queryTransactionStatus', ['query', 'transaction-status'], questions.status),
    operation('GET', 'queryBeneficiaryName', ['query', 'beneficiary-name'], questions.name),
  ];
}
