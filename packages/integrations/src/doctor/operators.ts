import { AuthenticationError, type MobileMoneyProvider, PaymentError, TransportError } from '@canza/core';
import { type Check, type Finding, fail, ok, type Surroundings, warn } from './check.ts';

/** Whether each operator lets us in: one question that moves no money. */
export const operators: Check = {
  name: 'operators',
  run: (around) => Promise.all(around.providers.map((provider) => knockAt(provider, around))),
};

async function knockAt(provider: MobileMoneyProvider, { heard, clock, timeoutMs }: Surroundings): Promise<Finding> {
  const { name } = provider;
  const before = heard.length;
  try {
    await question(provider, clock.nowMs(), timeoutMs);
  } catch (error) {
    if (AuthenticationError.isInstance(error)) {
      return fail(
        name,
        'the credentials are refused',
        'compare them with the portal: of this environment, and of this product',
      );
    }
    if (TransportError.isInstance(error)) {
      return fail(
        name,
        'the operator does not answer',
        'look at the way out: firewall, proxy, an address list at the operator',
      );
    }
    const why = PaymentError.isInstance(error) ? error.code : 'an error';
    // Whoever answers a question has let us in, whatever the answer.
    if (heard.length === before) return fail(name, `the question failed with ${why}`, 'look at the configuration');
    return ok(name, `the credentials are accepted (${why} to a question about nothing)`);
  }
  if (heard.length > before) return ok(name, 'the credentials are accepted');
  return warn(name, 'there is nothing that could be asked', 'try a payment of the least amount before going live');
}

/** Our balance where the operator tells it, else what a provider does ahead of need, else a payment that never was. */
async function question(provider: MobileMoneyProvider, nowMs: number, timeoutMs: number): Promise<void> {
  const [route] = provider.routes;
  if (provider.capabilities.balance === 'supported') await provider.balance({ timeoutMs });
  else if (provider.prepare !== undefined) await provider.prepare({ timeoutMs });
  else if (route !== undefined) {
    const reference = '0'.repeat(32);
    await provider.query(
      {
        route,
        reference,
        references: { CheckoutRequestID: 'ws_CO_000000000000000000' },
        money: { currency: route.currency, amountMinor: 100n },
        msisdn: '254700000000',
        sentAtMs: nowMs,
        callbackUrl: 'https://callbacks.invalid/',
      },
      { timeoutMs },
    );
  }
}
