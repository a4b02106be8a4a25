import { inspect } from 'node:util';

import { createMemoryJournal, type Payment, type Transport } from '@canza/core';
import { createRecordingLogger, createSeededRandom, createTurnedClock } from '@canza/core/testing';
import { MMOBridge } from '@canza/mobile-money';

import type { OperatorCase, PlayedOperator } from './operators.ts';

const BASE_URL = 'https://pay.example.com/callbacks';
const DAY_MS = 24 * 60 * 60_000;

/** Rare ticks and an early deadline: simulated days are then a few thousand steps instead of a hundred thousand. */
const CALM = { tickMs: 20_000, reviewAfterMs: 2 * 60 * 60_000 };

/** Longer than any prompt lives and any callback is late. */
const AFTERMATH_MS = 20 * 60_000;

/** One payment through the bridge, from request to rest, on an operator that was prepared. */
export async function payThrough(
  operator: OperatorCase,
  prepare: (played: PlayedOperator) => void,
  between: (transport: Transport) => Transport = (transport) => transport,
): Promise<{ readonly status: Payment['status']; readonly verdict: string }> {
  const clock = createTurnedClock();
  const logger = createRecordingLogger();
  const noted: unknown[] = [];
  const deliver: Transport = async ({ url, method, headers, body = '' }) => {
    // Both verbs that operators call back with have a body.
    const verb = method === 'PUT' ? 'PUT' : 'POST';
    const response = await bridge.handleCallback(new Request(url, { method: verb, headers, body }));
    return { status: response.status, headers: {}, body: await response.text() };
  };
  const played = operator.play({ clock, random: createSeededRandom(5), deliver, callbackBaseUrl: BASE_URL });
  const bridge = new MMOBridge({
    providers: played.factories,
    journal: createMemoryJournal(),
    callbacks: { baseUrl: BASE_URL },
    transport: between(played.transport),
    clock,
    random: createSeededRandom(6),
    logger,
    policy: CALM,
  });
  bridge.on('payment.changed', (event) => noted.push(event));
  prepare(played);
  await bridge.initialize();
  noted.push(
    await clock.runUntil(
      bridge.initiateTransaction({
        transactionId: 'order_1',
        type: operator.type,
        amount: operator.amount,
        currency: operator.currency,
        phoneNumber: `+${operator.msisdn}`,
      }),
    ),
  );
  await clock.runUntil(bridge.waitForTransaction('order_1', { timeoutMs: 3 * DAY_MS }));
  // What was called failed too early may be approved a minute later: the books are read when nothing can happen any more.
  await clock.advance(AFTERMATH_MS);
  const result = await bridge.getTransaction('order_1');
  noted.push(result);
  await clock.runUntil(bridge.shutdown({ timeoutMs: DAY_MS }));
  await played.close();
  const shown = inspect([noted, logger.lines, bridge], { depth: 14 }) + JSON.stringify(noted);
  return { status: result.status, verdict: judge(operator, result, played, shown) };
}

/** `right` where the record is what happened, or is with a person who is told that nobody knows; else what is wrong. */
function judge(operator: OperatorCase, { status, moneyMoved }: Payment, played: PlayedOperator, shown: string): string {
  const moved = played.moved(operator.msisdn);
  const secret = [...played.secrets, operator.msisdn, operator.msisdn.slice(3)].find((each) => shown.includes(each));
  if (secret !== undefined) return 'something secret was shown';
  if (moved.length > 1) return `moved ${moved.length} times`;
  if (status === 'succeeded') {
    return moneyMoved === 'yes' && moved[0] === operator.amountMinor
      ? 'right'
      : 'succeeded, and the books do not say so';
  }
  if (status === 'failed') return moneyMoved === 'no' && moved.length === 0 ? 'right' : 'failed, and money moved';
  return status === 'review' && moneyMoved === 'maybe' ? 'right' : `left ${status}`;
}
