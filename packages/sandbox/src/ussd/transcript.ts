import { InvalidRequestError } from '@canza/core';
import { PHONE_FAULTS, type PhoneFault, type PhoneScreen, type UssdPhone } from './phone.ts';

/**
 * A session as text, to be kept beside a test:
 *
 *     # Sends money
 *     dial *384#
 *     | Welcome to Pesa
 *     | 1. Send money
 *     type 1
 *     | Phone number of the recipient
 *     | ...
 *     fault duplicate
 *     type 0712345678
 *     | ...
 *     lose
 *
 * Lines with a bar are the screen; `| ...` stands for any lines. `end` behind a screen says that the session is over,
 * `error` instead of one that the network has nothing to show.
 */
export interface TranscriptStep {
  /** From 1. */
  readonly line: number;
  readonly action:
    | { readonly kind: 'dial'; readonly code: string | undefined }
    | { readonly kind: 'type'; readonly text: string }
    | { readonly kind: 'fault'; readonly fault: PhoneFault }
    | { readonly kind: 'lose' };
  /** `undefined` when the transcript does not say. */
  readonly expected: readonly string[] | 'error' | undefined;
  readonly ends: boolean;
}

/** Where a session went another way than its transcript. */
export interface TranscriptDifference {
  readonly line: number;
  readonly expected: string;
  readonly shown: string;
}

/**
 * Reads what a person does and sees, line by line.
 * @throws InvalidRequestError naming the line that cannot be read.
 */
export function parseTranscript(text: string): readonly TranscriptStep[] {
  const steps: { -readonly [K in keyof TranscriptStep]: TranscriptStep[K] }[] = [];
  for (const [index, raw] of text.split('\n').entries()) {
    const line = index + 1;
    const trimmed = raw.trim();
    if (trimmed === '' || trimmed.startsWith('#')) continue;
    const refuse = (expected: string): never => {
      throw new InvalidRequestError({ field: `line ${line}`, expected });
    };
    const current = steps.at(-1);
    const [, word = '', rest] = /^(\S+)(?: (.*))?$/.exec(trimmed) ?? [];
    if (word === '|' || word === 'end' || word === 'error') {
      if (current === undefined) return refuse('"dial" or "type" before a screen');
      if (word === '|') current.expected = [...(Array.isArray(current.expected) ? current.expected : []), rest ?? ''];
      else if (word === 'error') current.expected = 'error';
      else current.ends = true;
      continue;
    }
    steps.push({ line, action: readAction(word, rest, refuse), expected: undefined, ends: false });
  }
  return steps;
}

function readAction(
  word: string,
  rest: string | undefined,
  refuse: (expected: string) => never,
): TranscriptStep['action'] {
  switch (word) {
    case 'dial':
      return { kind: 'dial', code: rest };
    case 'type':
      return { kind: 'type', text: rest ?? '' };
    case 'lose':
      return { kind: 'lose' };
    case 'fault': {
      const fault = PHONE_FAULTS.find((name) => name === rest);
      return fault === undefined ? refuse(`one of ${PHONE_FAULTS.join(', ')}`) : { kind: 'fault', fault };
    }
    default:
      return refuse('dial, type, fault, lose, "|", end, error or a comment');
  }
}

/** Plays a transcript on a phone. Stops at the first difference, because what follows would only repeat it. */
export async function playTranscript(
  transcript: string | readonly TranscriptStep[],
  phone: UssdPhone,
): Promise<TranscriptDifference | undefined> {
  const steps = typeof transcript === 'string' ? parseTranscript(transcript) : transcript;
  for (const step of steps) {
    // A session is one hop after the other.
    // oxlint-disable-next-line no-await-in-loop
    const difference = await play(step, phone);
    if (difference !== undefined) return difference;
  }
  return undefined;
}

/**
 * Plays a transcript on a phone, for any test runner.
 * @throws Error that shows expected and shown screen, at the first difference.
 */
export async function expectTranscript(transcript: string, phone: UssdPhone): Promise<void> {
  const difference = await playTranscript(transcript, phone);
  if (difference === undefined) return;
  const { line, expected, shown } = difference;
  throw new Error(`Line ${line} of the transcript went another way.\nExpected:\n${expected}\nShown:\n${shown}`);
}

async function play(
  { line, action, expected, ends }: TranscriptStep,
  phone: UssdPhone,
): Promise<TranscriptDifference | undefined> {
  switch (action.kind) {
    case 'fault':
      phone.expectFault(action.fault);
      return undefined;
    case 'lose':
      phone.lose();
      return undefined;
    case 'type':
      if (!phone.isOpen) return { line, expected: '(an open session)', shown: '(no session)' };
      break;
    case 'dial':
      break;
  }
  const shown = action.kind === 'dial' ? await phone.dial(action.code) : await phone.enter(action.text);
  const agrees =
    expected === undefined ||
    (expected === 'error'
      ? shown.kind === 'network-error'
      : shown.kind === 'screen' && shown.end === ends && agreesWith(expected, shown.text.split('\n')));
  return agrees ? undefined : { line, expected: writeExpected(expected, ends), shown: writeScreen(shown) };
}

function agreesWith(expected: readonly string[], shown: readonly string[]): boolean {
  const [first, ...rest] = expected;
  if (first === undefined) return shown.length === 0;
  if (first === '...') return agreesWith(rest, shown) || (shown.length > 0 && agreesWith(expected, shown.slice(1)));
  return shown.length > 0 && first === shown[0]?.trimEnd() && agreesWith(rest, shown.slice(1));
}

const writeExpected = (expected: TranscriptStep['expected'], ends: boolean): string =>
  expected === 'error'
    ? 'error'
    : [...(expected ?? []).map((line) => `| ${line}`), ...(ends ? ['end'] : [])].join('\n');

/** A screen as a transcript has it: what a session that was just tried looks like when it is kept. */
export const writeScreen = (screen: PhoneScreen): string =>
  screen.kind === 'network-error'
    ? `error\n# ${screen.why}`
    : [...screen.text.split('\n').map((line) => `| ${line}`), ...(screen.end ? ['end'] : [])].join('\n');
