import { describe, expect, it } from 'vitest';

import { describeProvider, PROVIDER_FAULTS } from '../src/contracts/index.ts';
import { type MobileMoneyProvider, PaymentError, type SubmitRequest, TransportError } from '../src/index.ts';
import { createModelWorld, DECIDED_AFTER_MS, leak, type ModelOperator } from './model-operator.ts';
import { verdictOf } from './suite-verdict.ts';

type Lie = (operator: ModelOperator, honest: MobileMoneyProvider) => Partial<MobileMoneyProvider>;

describeProvider({ describe, it }, 'an honest model provider', {
  create: async () => createModelWorld(),
  decidedAfterMs: DECIDED_AFTER_MS,
});

const failuresOf = async (lie: Lie): Promise<readonly string[]> => {
  const harness = { create: async () => createModelWorld(lie), decidedAfterMs: DECIDED_AFTER_MS };
  return (await verdictOf((runner) => describeProvider(runner, 'x', harness))).failed;
};

describe('the provider’s contract notices a provider', () => {
  it('that arms every fault at every stage', () => {
    expect(PROVIDER_FAULTS).toHaveLength(10);
  });

  it.each<[string, Lie, RegExp]>([
    [
      'that calls a lost reply "never connected"',
      (_, honest) => ({
        collect: async (request: SubmitRequest) => {
          try {
            return await honest.collect(request);
          } catch (error) {
            if (!TransportError.isInstance(error)) throw error;
            throw new TransportError('not-connected', 'The line broke.');
          }
        },
      }),
      /reply-lost at submit|hang at submit/,
    ],
    [
      'that calls a 500 a refusal',
      (_, honest) => ({
        collect: async (request: SubmitRequest) => {
          try {
            return await honest.collect(request);
          } catch {
            return { status: 'failed', reason: 'operator-refused' } as const;
          }
        },
      }),
      /error-500-after at submit/,
    ],
    [
      'that sends again when no reply came',
      (_, honest) => ({
        collect: async (request: SubmitRequest) => honest.collect(request).catch(() => honest.collect(request)),
      }),
      /reply-lost at submit/,
    ],
    [
      'that takes an unreadable answer to a query for a failure',
      (_, honest) => ({
        query: async (request) =>
          honest.query(request).catch(() => ({ status: 'failed', reason: 'operator-refused' }) as const),
      }),
      /error-500-before at query/,
    ],
    [
      'that finds everything paid',
      () => ({ query: async () => ({ status: 'succeeded' }) }),
      /declines, it ends as failed/,
    ],
    [
      'that is in doubt about money though it got no token',
      (operator, honest) => ({
        collect: async (request: SubmitRequest) => {
          await operator.exchange('token');
          return honest.collect(request);
        },
      }),
      /request-lost at token/,
    ],
    [
      'that lets an error of its library through',
      (_, honest) => ({
        collect: async (request: SubmitRequest) =>
          honest.collect(request).catch((error: unknown) => {
            throw PaymentError.isInstance(error) ? new TypeError('fetch failed') : error;
          }),
      }),
      /at submit/,
    ],
    [
      'that shows its token in an error',
      (_, honest) => ({
        collect: async (request: SubmitRequest) =>
          honest.collect(request).catch(() => {
            throw leak();
          }),
      }),
      /at token/,
    ],
    [
      'that shows the number in what it finds',
      (_, honest) => ({
        query: async (request) => ({ ...(await honest.query(request)), detail: `asked about ${request.msisdn}` }),
      }),
      /found paid by query/,
    ],
    ['that does what it says it cannot', () => ({ balance: async () => [] }), /refused in words/],
    [
      'that has two routes of one id',
      (_, honest) => ({ routes: [...honest.routes, ...honest.routes] }),
      /an id of its own/,
    ],
    [
      'that believes any callback',
      () => ({
        readCallback: () => ({
          finding: { status: 'succeeded' },
          trust: 'hint',
          acknowledgement: { contentType: 'text/plain', body: '' },
        }),
      }),
      /rubbish in a callback/,
    ],
  ])('%s', async (_, lie, noticed) => {
    const failed = await failuresOf(lie);
    expect(failed.filter((title) => noticed.test(title))).not.toEqual([]);
  });
});
