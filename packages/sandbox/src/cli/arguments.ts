import { parseArgs } from 'node:util';

import { InvalidRequestError, PaymentError } from '@canza/core';

import { FAULT_FORM, parseFaultText } from '../control/fault-text.ts';
import { createFaultPlan, type Fault } from '../faults.ts';
import { HANDSET_BEHAVIOURS, readReaction } from '../handset.ts';
import { EMULATORS, type EmulatorName } from '../sandbox.ts';

/** What the command line asks for. */
export interface Command {
  readonly emulators: readonly EmulatorName[];
  readonly host: string | undefined;
  /** Of the first emulator; the others take the ports behind it. A free one each when absent. */
  readonly firstPort: number | undefined;
  readonly speed: number;
  readonly seed: number | undefined;
  /** Probability of a fault in each exchange and callback. */
  readonly chance: number;
  readonly faults: readonly { readonly emulator: EmulatorName; readonly fault: Fault }[];
  readonly handsets: readonly HandsetCommand[];
  readonly isJson: boolean;
  readonly isQuiet: boolean;
}

/** What a phone does; every phone of every emulator, where nothing else is said. */
interface HandsetCommand {
  readonly emulator: EmulatorName | undefined;
  readonly msisdn: string | undefined;
  readonly behaviour: (typeof HANDSET_BEHAVIOURS)[number];
}

export type CommandLine =
  | { readonly kind: 'run'; readonly command: Command }
  | { readonly kind: 'help' }
  /** What is wrong, in a sentence. */
  | { readonly kind: 'mistake'; readonly problem: string };

const NAMES = Object.keys(EMULATORS) as EmulatorName[];

export const USAGE = `Usage: canza-sandbox [NAME …] [options]

Starts emulators of mobile-money operators and of an Aptos node on this machine, prints how to reach them, and runs until it is
interrupted. NAME is ${NAMES.join(', ')}; all of them when left out.

  --only NAME[,NAME]      start these alone, another way of naming them
  --host ADDRESS          listen on another address than 127.0.0.1
  --port N                port of the first emulator, the others follow; free ones when left out, but for aptos
                          alone, which then takes its usual 8080, 8081 (faucet) and 8090 (indexer); 0 for free ones
  --speed N               operators and customers are N times faster than they are
  --handset [NAME:][MSISDN=]BEHAVIOUR
                          what phones do: ${HANDSET_BEHAVIOURS.join(', ')}
  --fault NAME:FAULT      what goes wrong, once unless it says otherwise; can be given again
                          FAULT is ${FAULT_FORM}
                          for example mpesa:submit:reply-lost,times=2
  --chance P --seed N     faults by chance: each exchange and callback is hit with probability P
  --json                  print addresses and settings as one line of JSON, and nothing else
  --quiet                 do not tell what happens while it runs
  --help                  print this

Each emulator can be watched and steered at its address below /__sandbox: see GET /__sandbox.`;

const OPTIONS = {
  only: { type: 'string', multiple: true },
  host: { type: 'string' },
  port: { type: 'string' },
  speed: { type: 'string' },
  handset: { type: 'string', multiple: true },
  fault: { type: 'string', multiple: true },
  chance: { type: 'string' },
  seed: { type: 'string' },
  json: { type: 'boolean' },
  quiet: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** Reads the command line; a mistake is a value, not an error. */
export function parseCommandLine(argv: readonly string[]): CommandLine {
  try {
    const { values, positionals } = parseArgs({
      args: [...argv],
      options: OPTIONS,
      strict: true,
      allowPositionals: true,
    });
    if (values.help === true) return { kind: 'help' };
    const emulators = [...positionals, ...(values.only ?? [])].flatMap((list) => list.split(',')).map(readName);
    return {
      kind: 'run',
      command: {
        emulators: emulators.length === 0 ? NAMES : [...new Set(emulators)],
        host: values.host,
        firstPort: values.port === undefined ? undefined : readInteger('--port', values.port, 0, 65_535),
        speed: readNumber('--speed', values.speed ?? '1', 0.001, 1_000_000),
        seed: values.seed === undefined ? undefined : readInteger('--seed', values.seed, 0, 0xffff_ffff),
        chance: readNumber('--chance', values.chance ?? '0', 0, 1),
        faults: (values.fault ?? []).map(readFault),
        handsets: (values.handset ?? []).map(readHandset),
        isJson: values.json === true,
        isQuiet: values.quiet === true || values.json === true,
      },
    };
  } catch (error) {
    if (PaymentError.isInstance(error) || isArgumentError(error)) return { kind: 'mistake', problem: error.message };
    throw error;
  }
}

function readName(name: string): EmulatorName {
  const known = NAMES.find((one) => one === name);
  if (known !== undefined) return known;
  throw new InvalidRequestError({ field: 'emulator', expected: `one of ${NAMES.join(', ')}` });
}

function readFault(text: string): { readonly emulator: EmulatorName; readonly fault: Fault } {
  const colon = text.indexOf(':');
  if (colon < 0) throw new InvalidRequestError({ field: '--fault', expected: `NAME:${FAULT_FORM}` });
  const fault = parseFaultText(text.slice(colon + 1));
  // A plan refuses what cannot be: better now than in a server that has started.
  createFaultPlan(fault);
  return { emulator: readName(text.slice(0, colon)), fault };
}

function readHandset(text: string): HandsetCommand {
  const [, name, msisdn, behaviour = ''] = /^(?:([a-z-]+):)?(?:([^=:]+)=)?(.*)$/.exec(text) ?? [];
  const reaction = readReaction(behaviour);
  if (reaction.behaviour === 'code') {
    throw new InvalidRequestError({ field: '--handset', expected: `one of ${HANDSET_BEHAVIOURS.join(', ')}` });
  }
  return { emulator: name === undefined ? undefined : readName(name), msisdn, behaviour: reaction.behaviour };
}

function readNumber(name: string, text: string, least: number, most: number): number {
  const number = text.trim() === '' ? Number.NaN : Number(text);
  if (number >= least && number <= most) return number;
  throw new InvalidRequestError({ field: name, expected: `a number from ${least} to ${most}` });
}

function readInteger(name: string, text: string, least: number, most: number): number {
  const number = readNumber(name, text, least, most);
  if (Number.isInteger(number)) return number;
  throw new InvalidRequestError({ field: name, expected: 'a whole number' });
}

const isArgumentError = (error: unknown): error is Error =>
  error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
