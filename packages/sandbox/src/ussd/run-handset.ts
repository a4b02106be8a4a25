import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import {
  type Clock,
  PaymentError,
  type Random,
  safeCause,
  systemClock,
  systemRandom,
  type Transport,
} from '@canza/core';
import { createHttpDeliver } from '../http-deliver.ts';
import { createUssdPhone, PHONE_FAULTS, type PhoneFault, type PhoneScreen, type UssdPhone } from './phone.ts';
import { playTranscript, writeScreen } from './transcript.ts';
import { WIRE_NAMES, type WireName } from './wires.ts';

/** The outside of the handset: a terminal, or a test. */
export interface HandsetTerminal {
  readonly out: (line: string) => void;
  readonly err: (line: string) => void;
  /** What is typed, line by line; the handset is put away at its end. */
  readonly lines: AsyncIterable<string>;
  /** Default: real sockets. */
  readonly transport?: Transport;
  readonly clock?: Clock;
  readonly random?: Random;
}

/** How the handset is called on the command line. */
export const HANDSET_USAGE = `Usage: canza-sandbox handset --url ADDRESS [options]

A phone in the terminal: dials a USSD application and types what you type.

  --url ADDRESS           where the application answers its gateway
  --gateway NAME          the gateway in between: ${WIRE_NAMES.join(', ')} (default africas-talking)
  --code CODE             the code that is dialled (default *384#)
  --phone NUMBER          whose phone it is (default +254700123456)
  --play FILE             play a transcript and compare; exit code 1 where it differs
  --record                print the session as a transcript
  --help                  print this

While it runs, whatever you type is entered, and these are not:
  /dial [CODE]            dial, or dial again
  /lose                   lose the session, as without a signal
  /${PHONE_FAULTS.join(' /')}
                          what goes wrong with the next hop
  /quit                   put the phone away`;

const OPTIONS = {
  url: { type: 'string' },
  gateway: { type: 'string', default: 'africas-talking' },
  code: { type: 'string', default: '*384#' },
  phone: { type: 'string', default: '+254700123456' },
  play: { type: 'string' },
  record: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

/** Runs a phone until its owner puts it away. Resolves with the exit code: 0, 1 for a difference, 2 for a mistake in `argv`. */
export async function runHandset(argv: readonly string[], terminal: HandsetTerminal): Promise<number> {
  let values: ReturnType<typeof parseArgs<{ options: typeof OPTIONS }>>['values'];
  try {
    ({ values } = parseArgs({ args: [...argv], options: OPTIONS, strict: true, allowPositionals: false }));
  } catch (error) {
    return mistaken(terminal, safeCause(error).message);
  }
  if (values.help) {
    terminal.out(HANDSET_USAGE);
    return 0;
  }
  const { url, gateway, code: serviceCode, phone: phoneNumber, play, record } = values;
  if (url === undefined || !URL.canParse(url))
    return mistaken(terminal, '--url: the address of the application is needed.');
  const wire = WIRE_NAMES.find((name) => name === gateway);
  if (wire === undefined) return mistaken(terminal, `--gateway: one of ${WIRE_NAMES.join(', ')}.`);
  const sockets = terminal.transport === undefined ? createHttpDeliver() : undefined;
  try {
    const phone = takePhone(terminal, {
      url,
      wire,
      serviceCode,
      phoneNumber,
      transport: terminal.transport ?? sockets?.deliver,
    });
    if (play !== undefined) return await playFile(play, phone, terminal);
    await converse(phone, terminal, record, serviceCode);
    return 0;
  } catch (error) {
    if (PaymentError.isInstance(error)) return mistaken(terminal, error.message);
    throw error;
  } finally {
    sockets?.close();
  }
}

interface PhoneSettings {
  readonly url: string;
  readonly wire: WireName;
  readonly serviceCode: string;
  readonly phoneNumber: string;
  readonly transport: Transport | undefined;
}

function takePhone(
  { clock = systemClock, random = systemRandom }: HandsetTerminal,
  settings: PhoneSettings,
): UssdPhone {
  const { url, wire, serviceCode, phoneNumber, transport } = settings;
  if (transport === undefined) throw new Error('A phone needs a transport.');
  return createUssdPhone({ url, gateway: wire, serviceCode, phoneNumber, transport, clock, random });
}

function mistaken({ err }: HandsetTerminal, problem: string): number {
  err(`${problem}\nTry --help.`);
  return 2;
}

async function playFile(path: string, phone: UssdPhone, { out, err }: HandsetTerminal): Promise<number> {
  let transcript: string;
  try {
    transcript = await readFile(path, 'utf8');
  } catch {
    err(`--play: "${path}" cannot be read.`);
    return 2;
  }
  const difference = await playTranscript(transcript, phone);
  if (difference === undefined) {
    out('The session went as the transcript says.');
    return 0;
  }
  err(`Line ${difference.line} went another way.\nExpected:\n${difference.expected}\nShown:\n${difference.shown}`);
  return 1;
}

async function converse(
  phone: UssdPhone,
  terminal: HandsetTerminal,
  isRecording: boolean,
  serviceCode: string,
): Promise<void> {
  const show = (said: string, screen: PhoneScreen): void =>
    terminal.out(isRecording ? `${said}\n${writeScreen(screen)}` : drawScreen(screen));
  show(`dial ${serviceCode}`, await phone.dial());
  for await (const line of terminal.lines) {
    const [, command, rest] = /^\/([a-z-]+)(?: (.*))?$/.exec(line) ?? [];
    const fault = PHONE_FAULTS.find((name) => name === command);
    if (command === 'quit') return;
    if (command === 'dial' || (command === undefined && !phone.isOpen)) {
      const code = command === 'dial' ? rest : undefined;
      await dial(phone, terminal, (screen) => show(`dial ${code ?? serviceCode}`, screen), code);
    } else if (command === 'lose') {
      phone.lose();
      terminal.out(isRecording ? 'lose' : '(the signal is lost; a line dials again)');
    } else if (fault !== undefined) {
      expectFault(phone, terminal, fault, isRecording);
    } else if (phone.isOpen) {
      show(`type ${line}`, await phone.enter(line));
    }
  }
}

async function dial(
  phone: UssdPhone,
  { err }: HandsetTerminal,
  show: (screen: PhoneScreen) => void,
  code: string | undefined,
): Promise<void> {
  try {
    show(await phone.dial(code));
  } catch (error) {
    err(safeCause(error).message);
  }
}

function expectFault(phone: UssdPhone, { out }: HandsetTerminal, fault: PhoneFault, isRecording: boolean): void {
  phone.expectFault(fault);
  out(isRecording ? `fault ${fault}` : `(next hop: ${fault})`);
}

/** A screen with a frame, as wide as its longest line. */
function drawScreen(screen: PhoneScreen): string {
  const lines = screen.kind === 'screen' ? screen.text.split('\n') : ['Connection problem', 'or invalid MMI code.'];
  const width = Math.max(...lines.map((line) => line.length), 20);
  const edge = '─'.repeat(width + 2);
  const below =
    screen.kind === 'network-error'
      ? `\n(${screen.why})`
      : screen.end
        ? '\n(the session is closed; a line dials again)'
        : '';
  return `┌${edge}┐\n${lines.map((line) => `│ ${line.padEnd(width)} │`).join('\n')}\n└${edge}┘${below}`;
}
