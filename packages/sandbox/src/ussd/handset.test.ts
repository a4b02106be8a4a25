import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HttpRequest, HttpResponse, Transport } from '@canza/core';
import { createSeededRandom, createTurnedClock } from '@canza/core/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createUssdPhone, type UssdPhoneOptions } from './phone.ts';
import { runHandset } from './run-handset.ts';
import { expectTranscript, parseTranscript, playTranscript } from './transcript.ts';
import { WIRE_NAMES, type WireName } from './wires.ts';

const plain = (body: string): HttpResponse => ({ status: 200, headers: { 'content-type': 'text/plain' }, body });

/** An application that shows what it was sent: written here, so that it shares no mistake with ours. */
function createEchoApplication() {
  const texts: string[] = [];
  const sessions: string[] = [];
  const transport: Transport = async ({ body = '' }) => {
    const fields = new URLSearchParams(body);
    const text = fields.get('text') ?? '';
    texts.push(text);
    sessions.push(fields.get('sessionId') ?? '');
    return plain(text.endsWith('9') ? `END Bye after ${text}` : `CON You sent: ${text}\n1. On\n9. Off`);
  };
  return { texts, sessions, transport };
}

const phoneTo = (transport: Transport, more: Partial<UssdPhoneOptions> = {}) =>
  createUssdPhone({
    url: 'http://127.0.0.1:1/ussd',
    gateway: 'africas-talking',
    serviceCode: '*384*7#',
    phoneNumber: '+254700123456',
    transport,
    clock: createTurnedClock(),
    random: createSeededRandom(1),
    ...more,
  });

describe('a phone', () => {
  it('dials, enters and is told that the session is over', async () => {
    const { transport, texts, sessions } = createEchoApplication();
    const phone = phoneTo(transport);
    expect(await phone.dial()).toEqual({ kind: 'screen', text: 'You sent: \n1. On\n9. Off', end: false });
    expect(await phone.enter('1')).toMatchObject({ text: 'You sent: 1\n1. On\n9. Off' });
    expect(await phone.enter('9')).toEqual({ kind: 'screen', text: 'Bye after 1*9', end: true });
    expect(phone.isOpen).toBe(false);
    expect(texts).toEqual(['', '1', '1*9']);
    expect(new Set(sessions).size).toBe(1);
    expect(() => phone.enter('1')).toThrow(/dial first/);
  });

  it('dials behind the code, and no code of others', async () => {
    const { transport, texts } = createEchoApplication();
    const phone = phoneTo(transport);
    await phone.dial('*384*7*1*2#');
    await phone.enter('3');
    expect(texts).toEqual(['1*2', '1*2*3']);
    expect(() => phone.dial('*100#')).toThrow(/goes on behind it/);
    expect(() => phone.dial('*384*77#')).toThrow(/goes on behind it/);
  });

  it('has the faults that were asked for, once each', async () => {
    const { transport, texts, sessions } = createEchoApplication();
    const phone = phoneTo(transport);
    await phone.dial();
    phone.expectFault('duplicate');
    await phone.enter('1');
    phone.expectFault('late');
    await phone.enter('2');
    phone.expectFault('new-session');
    await phone.enter('3');
    expect(texts).toEqual(['', '1', '1', '1', '1*2', '1*2*3']);
    expect(new Set(sessions).size).toBe(2);
    phone.expectFault('drop');
    expect(await phone.enter('4')).toEqual({ kind: 'network-error', why: 'the signal was lost' });
    expect(phone.isOpen).toBe(false);
    expect(texts.at(-1)).toBe('1*2*3*4');
  });

  it.each<[string, HttpResponse | (() => Promise<HttpResponse>), RegExp]>([
    ['an error', { status: 500, headers: {}, body: 'oops' }, /answered 500/],
    ['no prefix', plain('Hello'), /neither "CON " nor "END "/],
    ['a prefix without its blank', plain('CONHello'), /neither "CON " nor "END "/],
    ['a screen of 183 septets', plain(`CON ${'x'.repeat(183)}`), /183 septets, and 182 fit/],
    ['a screen of 81 characters in UCS-2', plain(`CON ê${'x'.repeat(80)}`), /81 characters in UCS-2, and 80 fit/],
    ['nothing', () => Promise.reject(new Error('ECONNREFUSED')), /cannot be reached/],
  ])('shows the words of the network for %s', async (_, reply, why) => {
    const phone = phoneTo(async () => (typeof reply === 'function' ? reply() : reply));
    expect(await phone.dial()).toEqual({ kind: 'network-error', why: expect.stringMatching(why) });
  });

  it('does not wait longer than a gateway', async () => {
    const clock = createTurnedClock();
    const phone = phoneTo(() => new Promise(() => undefined), { clock, timeoutMs: 10_000 });
    expect(await clock.runUntil(phone.dial())).toMatchObject({ why: 'no answer within 10000 ms' });
    expect(clock.monotonicMs()).toBe(10_000);
    expect(clock.pendingTimers).toBe(0);
  });

  it('finds an application that answers one hop in two ways', async () => {
    let count = 0;
    const phone = phoneTo(async () => plain(`CON ${(count += 1)}`));
    await phone.dial();
    phone.expectFault('duplicate');
    expect(await phone.enter('1')).toMatchObject({ why: 'the same hop was answered in two ways' });
  });
});

describe('gateways', () => {
  const REPLIES: Readonly<Record<WireName, (text: string, end: boolean) => object | string>> = {
    'africas-talking': (text, end) => `${end ? 'END' : 'CON'} ${text}`,
    hubtel: (Message, end) => ({ Type: end ? 'Release' : 'Response', Message }),
    arkesel: (message, end) => ({ message, continueSession: !end }),
    nalo: (MSG, end) => ({ MSG, MSGTYPE: !end }),
    infobip: (ussdMenu, end) => ({ ussdMenu, shouldClose: end }),
  };

  it.each(WIRE_NAMES)('%s carries first, next and last screen', async (gateway) => {
    const requests: HttpRequest[] = [];
    const phone = phoneTo(
      async (request) => {
        requests.push(request);
        const reply = REPLIES[gateway](`screen ${requests.length}`, requests.length === 3);
        return plain(typeof reply === 'string' ? reply : JSON.stringify(reply));
      },
      { gateway },
    );
    expect(await phone.dial()).toEqual({ kind: 'screen', text: 'screen 1', end: false });
    expect(await phone.enter('1')).toEqual({ kind: 'screen', text: 'screen 2', end: false });
    expect(await phone.enter('0712')).toEqual({ kind: 'screen', text: 'screen 3', end: true });
    expect(requests.map(({ url, body }) => [url, body])).toMatchSnapshot();
    const broken = phoneTo(async () => ({ status: 200, headers: {}, body: '<html>' }), { gateway });
    expect(await broken.dial()).toMatchObject({ kind: 'network-error' });
  });
});

const GOLDEN = `
# Goes on and off
dial *384*7#
| You sent:
| 1. On
| 9. Off
fault duplicate
type 1
| You sent: 1
| ...
lose
dial *384*7*1#
| ...
| 9. Off
type 9
| Bye after 1*9
end
`;

describe('a transcript', () => {
  it('is played, and agrees with what is shown', async () => {
    expect(await playTranscript(GOLDEN, phoneTo(createEchoApplication().transport))).toBeUndefined();
    await expect(expectTranscript(GOLDEN, phoneTo(createEchoApplication().transport))).resolves.toBeUndefined();
  });

  it.each([
    ['a wrong line', GOLDEN.replace('| 1. On', '| 1. Off')],
    ['a line too few', GOLDEN.replace('| 9. Off\nfault', 'fault')],
    ['a line too many', GOLDEN.replace('| 9. Off\nfault', '| 9. Off\n| 0. Back\nfault')],
    ['an end that is none', GOLDEN.replace('| 9. Off\nfault', '| 9. Off\nend\nfault')],
    ['no end where there is one', GOLDEN.replace(/end\n$/, '')],
    ['an error that is none', GOLDEN.replace('| You sent: 1\n| ...', 'error')],
    ['an entry without a session', `${GOLDEN}\ntype 1`],
  ])('shows where %s is', async (_, transcript) => {
    const played = playTranscript(transcript, phoneTo(createEchoApplication().transport));
    expect(await played).toMatchObject({ line: expect.any(Number) as number, shown: expect.any(String) as string });
    await expect(expectTranscript(transcript, phoneTo(createEchoApplication().transport))).rejects.toThrow(
      /^Line \d+ of/,
    );
  });

  it.each(['| a screen before all', 'press 1', 'dial *1#\nfault lightning'])('is refused when it says %j', (text) => {
    expect(() => parseTranscript(text)).toThrow(/line \d/);
  });
});

describe('the handset in a terminal', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'canza-handset-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  const run = async (argv: readonly string[], typed: readonly string[] = []) => {
    const { transport, texts } = createEchoApplication();
    const out: string[] = [];
    const err: string[] = [];
    async function* lines() {
      yield* typed;
    }
    const code = await runHandset(argv, {
      out: (line) => void out.push(line),
      err: (line) => void err.push(line),
      lines: lines(),
      transport,
      clock: createTurnedClock(),
      random: createSeededRandom(7),
    });
    return { code, out: out.join('\n'), err: err.join('\n'), texts };
  };
  const URL_ARGS = ['--url', 'http://127.0.0.1:1/ussd'] as const;

  it('shows screens in a frame and enters what is typed', async () => {
    const { code, out, texts } = await run(URL_ARGS, [
      '1',
      '/duplicate',
      '2',
      '9',
      '',
      '/lose',
      'again',
      '/dial *384*5#',
      '/quit',
      '1',
    ]);
    expect(code).toBe(0);
    expect(out).toMatchSnapshot();
    expect(texts).toEqual(['', '1', '1*2', '1*2', '1*2*9', '', '', '5']);
  });

  it('writes a session as a transcript that then plays', async () => {
    const { out } = await run([...URL_ARGS, '--record'], ['1', '/late', '9']);
    const file = join(folder, 'session.txt');
    await writeFile(file, out);
    expect(await run([...URL_ARGS, '--play', file])).toMatchObject({
      code: 0,
      out: 'The session went as the transcript says.',
    });
    await writeFile(file, out.replace('Bye', 'Good bye'));
    expect(await run([...URL_ARGS, '--play', file])).toMatchObject({
      code: 1,
      err: expect.stringContaining('Good bye') as string,
    });
  });

  it.each([
    [[], /--url/],
    [['--url', 'nowhere'], /--url/],
    [[...URL_ARGS, '--gateway', 'pigeon'], /--gateway/],
    [[...URL_ARGS, '--phone', 'x'], /phoneNumber/],
    [[...URL_ARGS, '--loud'], /--loud/],
    [[...URL_ARGS, '--play', '/nowhere/at/all'], /--play/],
  ])('says what is wrong with %j', async (argv, problem) => {
    expect(await run(argv)).toMatchObject({ code: 2, err: expect.stringMatching(problem) as string });
  });

  it('tells how it is used', async () => {
    expect(await run(['--help'])).toMatchObject({ code: 0, out: expect.stringContaining('--gateway NAME') as string });
  });
});
