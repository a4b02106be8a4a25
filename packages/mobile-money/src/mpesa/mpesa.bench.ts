import { silentLogger, systemClock, systemRandom, type Transport } from '@canza/core';
import { it } from 'vitest';

import { callbackOf, replyOf } from '../../test/fixtures.ts';
import { collection, SANDBOX } from '../../test/mpesa.ts';
import { mpesa } from './provider.ts';

const token = replyOf('mpesa/x01-token');
const accepted = replyOf('mpesa/x10-stk-push-accepted');
const transport: Transport = async ({ method }) => (method === 'GET' ? token : accepted);
const provider = mpesa(SANDBOX)({ transport, clock: systemClock, random: systemRandom, logger: silentLogger });
const [route] = provider.routes;
const callback = { method: 'POST', headers: {}, body: callbackOf('mpesa/x11-stk-callback-paid') };

// oxlint-disable-next-line vitest/expect-expect -- figures to read: how fast it is, the machine decides.
it('what the adapter adds to an exchange and to a callback, beside reading the JSON', async ({ bench }) => {
  if (route === undefined) throw new Error('No route.');
  const request = collection(route);
  await bench.compare(
    bench('JSON.parse of the callback alone', () => void JSON.parse(callback.body)),
    bench('readCallback', () => void provider.readCallback(callback)),
    bench('collect, without a network', async () => void (await provider.collect(request))),
  );
});
