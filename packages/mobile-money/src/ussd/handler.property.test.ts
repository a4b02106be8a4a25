import { createMemoryKeyValueStore, type KeyValueStore } from '@canza/core';
import { createTurnedClock } from '@canza/core/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { USSDProtocolHandler } from './handler.ts';
import { createRecordingBridge } from './testing/recording-bridge.ts';
import { sendMoneyMenu } from './testing/send-money-menu.ts';
import { fitsScreen, SCREEN_LIMITS } from './text/gsm7.ts';

/** What a gateway can do with a phone's hops, and a phone with its person. */
type Command =
  | { readonly kind: 'dial' }
  | { readonly kind: 'enter'; readonly entry: string }
  /** The last hop once more, `copies` of it at the same moment. */
  | { readonly kind: 'repeat'; readonly copies: number }
  /** A hop of earlier, perhaps of an earlier session. */
  | { readonly kind: 'late'; readonly back: number }
  /** The last hop and a new one at the same moment. */
  | { readonly kind: 'race'; readonly entry: string }
  | { readonly kind: 'garbage'; readonly text: string }
  | { readonly kind: 'pass'; readonly seconds: number }
  /** All processes are replaced: nothing is remembered but what is stored. */
  | { readonly kind: 'restart' };

const entry = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom('1', '2', '3', '0', '00', '98') },
  { weight: 5, arbitrary: fc.constantFrom('0712345678', '500', 'rent', '1*1', '*', '') },
  fc.string({ unit: 'binary', maxLength: 80 }),
);
const command: fc.Arbitrary<Command> = fc.oneof(
  { weight: 2, arbitrary: fc.constant<Command>({ kind: 'dial' }) },
  { weight: 10, arbitrary: entry.map((typed): Command => ({ kind: 'enter', entry: typed })) },
  { weight: 2, arbitrary: fc.integer({ min: 1, max: 3 }).map((copies): Command => ({ kind: 'repeat', copies })) },
  { weight: 2, arbitrary: fc.nat(12).map((back): Command => ({ kind: 'late', back })) },
  { weight: 1, arbitrary: entry.map((typed): Command => ({ kind: 'race', entry: typed })) },
  {
    weight: 1,
    arbitrary: fc.string({ unit: 'binary', maxLength: 3_000 }).map((text): Command => ({ kind: 'garbage', text })),
  },
  { weight: 1, arbitrary: fc.nat(400).map((seconds): Command => ({ kind: 'pass', seconds })) },
  { weight: 1, arbitrary: fc.constant<Command>({ kind: 'restart' }) },
);
/** Ways to a payment, so that many runs get there. */
const paying: readonly Command[] = ['1', '0712345678', '500', 'rent', '1'].map((typed) => ({
  kind: 'enter',
  entry: typed,
}));
const commands = fc
  .array(
    fc.oneof(
      { weight: 8, arbitrary: fc.array(command, { maxLength: 4 }) },
      { weight: 1, arbitrary: fc.constant([{ kind: 'dial' } as Command, ...paying]) },
      { weight: 1, arbitrary: fc.constant(paying) },
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.flat());

interface Sent {
  readonly sessionId: string;
  readonly text: string;
}

async function run(list: readonly Command[], store: KeyValueStore, clock: ReturnType<typeof createTurnedClock>) {
  const bridge = createRecordingBridge();
  const make = () =>
    new USSDProtocolHandler({
      menu: sendMoneyMenu,
      store,
      payments: bridge,
      clock,
      data: { balance: async () => ({ values: { balance: '1' } }) },
    });
  let handlers = [make(), make()];
  let turn = 0;
  let sessions = 1;
  const sent: Sent[] = [];
  /** Sessions whose payer was told that a payment is on its way. */
  const promised = new Set<string>();
  const send = async ({ sessionId, text }: Sent): Promise<void> => {
    turn += 1;
    const handler = handlers[turn % 2] as USSDProtocolHandler<'balance'>;
    const reply = await handler.processRequest({ sessionId, phoneNumber: '+254700123456', serviceCode: '*384#', text });
    expect(fitsScreen(reply.text, SCREEN_LIMITS.standard)).toBe(true);
    expect(reply.text).not.toBe('');
    if (reply.text.startsWith('KES ') && reply.end) promised.add(sessionId);
  };
  const last = (): Sent => sent.at(-1) ?? { sessionId: 's1', text: '' };
  const next = (typed: string): Sent => {
    const { sessionId, text } = last();
    return { sessionId, text: text === '' ? typed : `${text}*${typed}` };
  };
  for (const each of list) {
    /* oxlint-disable no-await-in-loop -- commands come one after the other */
    switch (each.kind) {
      case 'dial':
        sessions += 1;
        sent.push({ sessionId: `s${sessions}`, text: '' });
        await send(last());
        break;
      case 'enter':
        sent.push(next(each.entry));
        await send(last());
        break;
      case 'repeat':
        await Promise.all(Array.from({ length: each.copies }, () => send(last())));
        break;
      case 'late':
        await send(sent.at(-1 - each.back) ?? last());
        break;
      case 'race': {
        const before = last();
        sent.push(next(each.entry));
        await Promise.all([send(before), send(last())]);
        break;
      }
      case 'garbage':
        await send({ sessionId: last().sessionId, text: each.text });
        break;
      case 'pass':
        await clock.advance(each.seconds * 1_000);
        break;
      case 'restart':
        await Promise.all(handlers.map((handler) => handler.shutdown()));
        handlers = [make(), make()];
        break;
    }
    /* oxlint-enable no-await-in-loop */
  }
  await Promise.all(handlers.map((handler) => handler.shutdown()));
  return { bridge, promised };
}

describe('any hops, in any order, repeated, late, at once and over restarts', () => {
  it('are answered by screens that fit, and every closing screen that promised a payment started one, once', async () => {
    await fc.assert(
      fc.asyncProperty(commands, async (list) => {
        const clock = createTurnedClock();
        const { bridge, promised } = await run(list, createMemoryKeyValueStore({ clock }), clock);
        expect(bridge.started.size).toBe(promised.size);
        expect(bridge.calls).toHaveLength(bridge.started.size);
        expect(clock.pendingTimers).toBe(0);
      }),
      { numRuns: 60 },
    );
  }, 60_000);
});
