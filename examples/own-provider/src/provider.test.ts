/** What every provider promises: the suite that the adapters of this repository pass, run by Node's own test runner. */
import { describe, it } from 'node:test';

import { attemptReference, parseMoney, silentLogger, systemClock, systemRandom } from '@canza/core';
import { describeProvider } from '@canza/core/contracts';

import { createOperator } from './operator.ts';
import { dukaPay } from './provider.ts';

const apiKey = 'duka-pay-key-for-tests';
const msisdn = '254722123456';

const runner = {
  describe: (name: string, body: () => void) => void describe(name, body),
  it: (name: string, body: () => Promise<void>) => void it(name, body),
};

describeProvider(runner, 'Duka Pay', {
  decidedAfterMs: 1000,
  async create() {
    const operator = createOperator(apiKey);
    const { transport } = operator;
    const environment = { transport, clock: systemClock, random: systemRandom, logger: silentLogger };
    const provider = dukaPay({ baseUrl: 'https://api.dukapay.example', apiKey })(environment);
    let requests = 0;
    return {
      provider,
      newRequest(type) {
        const [route] = provider.routes;
        if (route === undefined) throw new Error(`no route for ${type}`);
        const reference = attemptReference('contract', ++requests);
        const callbackUrl = `https://pay.example.com/${reference}`;
        return { route, reference, money: parseMoney('1000', 'KES'), msisdn, callbackUrl };
      },
      behave: operator.behave,
      arm(stage, fault) {
        // It has no tokens that could be asked for.
        if (stage !== 'token') operator.arm(stage, fault);
        return stage !== 'token';
      },
      movements: ({ reference }) => operator.books.filter(({ id }) => id === reference).length,
      pass: async () => undefined,
      callbacks: () => [],
      secrets: [apiKey, msisdn],
      close: async () => undefined,
    };
  },
});
