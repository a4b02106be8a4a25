import { ConfigError, safeCause } from '@canza/core';
import type { IntegrationsConfig } from '../config.ts';
import { configurationOf } from '../configuration-of.ts';
import type { Examination } from '../doctor/examine.ts';

const USAGE = `canza doctor [--config FILE] [--json]

Goes through what has to be true before real money moves, and says what to do about the rest. Asks operators and servers, changes
nothing, moves no money, prints no secret.

  --config FILE  a module whose default export is the configuration; without it, the CANZA_ variables are read
  --json         the findings as JSON

Ends with 0 when nothing has to be mended, 1 when something has, 2 when it could not begin.
`;

/** What the command line is given of the machine. */
export interface CommandLine {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly readFile: (path: string) => string;
  /** The default export of a module. */
  readonly load: (path: string) => Promise<unknown>;
  readonly examine: (config: IntegrationsConfig) => Promise<Examination>;
  readonly format: (examination: Examination) => string;
}

/** Runs one command; returns the exit code. */
export async function runCommand(argv: readonly string[], machine: CommandLine): Promise<number> {
  const { out, err } = machine;
  if (argv.includes('--help') || argv.includes('-h')) {
    out(USAGE);
    return 0;
  }
  const asked = readArguments(argv);
  if (asked === undefined) {
    err(USAGE);
    return 2;
  }
  let config: IntegrationsConfig;
  try {
    config = await configure(asked.file, machine);
  } catch (error) {
    // The message of anything else may quote what it read.
    err(
      ConfigError.isInstance(error)
        ? `${error.message}\n`
        : `${asked.file} cannot be loaded: ${safeCause(error).name}.\n`,
    );
    return 2;
  }
  const examination = await machine.examine(config);
  out(asked.asJson ? `${JSON.stringify(examination, undefined, 2)}\n` : machine.format(examination));
  return examination.verdict === 'fail' ? 1 : 0;
}

function readArguments(argv: readonly string[]): { readonly file?: string; readonly asJson: boolean } | undefined {
  const [command, ...options] = argv;
  let file: string | undefined;
  let asJson = false;
  for (let at = 0; at < options.length; at += 1) {
    const option = options[at];
    if (option === '--json') asJson = true;
    else if (option === '--config' && options[at + 1] !== undefined) file = options[(at += 1)];
    else return undefined;
  }
  return command === 'doctor' ? { asJson, ...(file === undefined ? {} : { file }) } : undefined;
}

async function configure(file: string | undefined, machine: CommandLine): Promise<IntegrationsConfig> {
  if (file === undefined) return configurationOf(machine.variables, { readFile: machine.readFile });
  const config = await machine.load(file);
  if (typeof config === 'object' && config !== null) return config;
  throw new ConfigError({ field: '--config', expected: 'a module whose default export is the configuration' });
}
