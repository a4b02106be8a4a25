import { Writable } from 'node:stream';

import { createMemoryJournal, TransportError } from '@canza/core';
import { traceIdOf } from '@canza/core/opentelemetry';
import { createScriptedProvider, createSeededRandom, createTurnedClock } from '@canza/core/testing';
import { MMOBridge } from '@canza/mobile-money';
import { pino } from 'pino';
import { expect, it } from 'vitest';

/** As docs/operations/logs.md shows it. */
const REDACTED = [
  'phoneNumber',
  '*.phoneNumber',
  'msisdn',
  '*.msisdn',
  'pin',
  '*.pin',
  'consumerSecret',
  '*.consumerSecret',
  'headers.authorization',
];

it('a pino instance is a logger as it is: no line holds a number or a secret, and each leads to the trace', async () => {
  const written: string[] = [];
  const stream = new Writable({
    write(line: Buffer, _encoding, done) {
      written.push(line.toString());
      done();
    },
  });
  const logger = pino(
    {
      level: 'debug',
      redact: { paths: REDACTED, censor: '[redacted]' },
      formatters: {
        log: (fields) =>
          typeof fields['transactionId'] === 'string'
            ? { ...fields, trace_id: traceIdOf(fields['transactionId']) }
            : fields,
      },
    },
    stream,
  );
  const clock = createTurnedClock();
  const scripted = createScriptedProvider();
  scripted.onSend({ status: 'succeeded', receipt: 'R1' });
  const bridge = new MMOBridge({
    providers: [
      (environment) => ({
        ...scripted.factory(environment),
        prepare: async () => {
          throw new TransportError('timeout', 'The operator did not answer.', {
            cause: new Error(
              'POST https://api.example.com/msisdn/254722123456 Authorization: Bearer c9SQxWWhmdVRlyh0zh8gZDTkubVF',
            ),
          });
        },
      }),
    ],
    journal: createMemoryJournal(),
    callbacks: { baseUrl: 'https://pay.example.com/callbacks' },
    transport: async () => ({ status: 500, headers: {}, body: '' }),
    clock,
    random: createSeededRandom(4),
    logger,
  });
  bridge.on('payment.settled', () => {
    throw new Error('a listener with 254722123456 in its message');
  });
  await bridge.initialize();
  const request = { transactionId: 'order_1', type: 'collection', amount: '100.00', currency: 'KES' } as const;
  await clock.runUntil(bridge.initiateTransaction({ ...request, phoneNumber: '+254722123456' }));
  const url = scripted.sends[0]?.callbackUrl ?? '';
  const body = JSON.stringify({ finding: { status: 'failed', reason: 'cancelled-by-payer', detail: '254722123456' } });
  await bridge.handleCallback(new Request(url, { method: 'POST', body }));
  logger.info({ request: { phoneNumber: '+254722123456', pin: '1234' } }, 'what the service itself logs');
  await clock.runUntil(bridge.shutdown());

  const lines = written.map((line) => JSON.parse(line) as { msg: string; trace_id?: string });
  expect(lines.map(({ msg }) => msg)).toEqual([
    'a provider is not ready yet',
    'a listener threw',
    'a callback contradicts what is proven',
    'what the service itself logs',
  ]);
  expect(lines.find(({ msg }) => msg.startsWith('a callback'))?.trace_id).toBe(traceIdOf('order_1'));
  const all = written.join('');
  for (const secret of ['722123456', 'c9SQxWWhmdVRlyh0zh8gZDTkubVF', '"1234"', url.slice(-32)]) {
    expect(all).not.toContain(secret);
  }
});
