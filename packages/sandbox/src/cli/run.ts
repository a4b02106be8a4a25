import { safeCause, systemClock, systemRandom } from '@canza/core';

import { CONTROL_PATH } from '../control/control.ts';
import type { EmulatorServer, ServerOptions } from '../emulator-server.ts';
import type { EventListener } from '../events.ts';
import type { Fault } from '../faults.ts';
import { closeServers, type EmulatorName, startServers } from '../sandbox.ts';
import { createScenario, type Scenario } from '../scenario.ts';
import { type Command, parseCommandLine, USAGE } from './arguments.ts';
import { portsOf } from './ports.ts';
import { formatSections } from './table.ts';

/** The outside of the command: where its lines go, and when it is to end. */
export interface Terminal {
  readonly out: (line: string) => void;
  readonly err: (line: string) => void;
  /** Aborts when the command is to end. */
  readonly interrupted: AbortSignal;
}

type Servers = Readonly<Record<string, EmulatorServer>>;

/** What chance may choose from: the faults that a client has to live with on any day. */
const BY_CHANCE: readonly Fault[] = [
  { stage: 'submit', kind: 'reply-lost' },
  { stage: 'submit', kind: 'request-lost' },
  { stage: 'submit', kind: 'server-error' },
  { stage: 'submit', kind: 'html', accepted: true },
  { stage: 'submit', kind: 'slow' },
  { stage: 'query', kind: 'throttled' },
  { stage: 'query', kind: 'server-error' },
  { stage: 'query', kind: 'cut-json' },
  { stage: 'callback', kind: 'late' },
  { stage: 'callback', kind: 'doubled' },
  { stage: 'callback', kind: 'missing' },
  { stage: 'chain', kind: 'lagging-node' },
  { stage: 'chain', kind: 'dropped' },
  { stage: 'chain', kind: 'held', delayMs: 2_000 },
  { stage: 'chain', kind: 'mempool-full' },
];

/**
 * Runs the command until it is interrupted.
 * Resolves with the exit code: 0, 1 when an emulator cannot start, 2 for a mistake in the command line.
 */
export async function runSandbox(argv: readonly string[], terminal: Terminal): Promise<number> {
  const line = parseCommandLine(argv);
  if (line.kind === 'help') {
    terminal.out(USAGE);
    return 0;
  }
  if (line.kind === 'mistake') {
    terminal.err(`${line.problem}\nTry --help.`);
    return 2;
  }
  const { command } = line;
  const scenario = planScenario(command);
  let servers: Servers;
  try {
    servers = await startServers(command.emulators, (name) => optionsOf(command, name, scenario, terminal));
  } catch (error) {
    terminal.err(safeCause(error).message);
    return 1;
  }
  try {
    setHandsets(command, servers);
    terminal.out((command.isJson ? describeAsJson : describeAsText)(servers, scenario.seed));
    await untilAborted(terminal.interrupted);
  } finally {
    await closeServers(servers);
  }
  return 0;
}

function optionsOf(command: Command, name: EmulatorName, scenario: Scenario, { out }: Terminal): ServerOptions {
  const { emulators, firstPort, host, speed, isQuiet } = command;
  const { random, faults } = scenario.portsOf(name);
  const tell: EventListener = ({ atMs, emulator, what, detail }) =>
    out(`${new Date(atMs).toISOString().slice(11, 23)}  ${emulator.padEnd(9)}  ${what.padEnd(8)}  ${detail}`);
  return {
    speed,
    random,
    faults,
    ...portsOf(emulators, name, firstPort),
    ...(host === undefined ? {} : { host }),
    ...(isQuiet ? {} : { onEvent: tell }),
  };
}

/** Everything that is left to chance follows from the seed, which is told so that a run can be had again. */
function planScenario({ seed, chance, faults }: Command): Scenario {
  const byEmulator: Record<string, Fault[]> = {};
  for (const { emulator, fault } of faults) (byEmulator[emulator] ??= []).push(fault);
  return createScenario({
    seed: seed ?? Buffer.from(systemRandom.bytes(4)).readUInt32BE(),
    clock: systemClock,
    faults: byEmulator,
    ...(chance === 0 ? {} : { chance: { share: chance, candidates: BY_CHANCE } }),
  });
}

function setHandsets({ handsets }: Command, servers: Servers): void {
  for (const { emulator, msisdn, behaviour } of handsets) {
    for (const [name, { controlled }] of Object.entries(servers)) {
      if (emulator !== undefined && emulator !== name) continue;
      if (msisdn === undefined) controlled.handset?.setDefault(behaviour);
      else controlled.handset?.set(msisdn, behaviour);
    }
  }
}

const describeAsJson = (servers: Servers, seed: number): string =>
  JSON.stringify({
    seed,
    emulators: Object.fromEntries(
      Object.entries(servers).map(([name, { baseUrl, controlled }]) => [
        name,
        { baseUrl, control: baseUrl + CONTROL_PATH, settings: controlled.settings },
      ]),
    ),
  });

function describeAsText(servers: Servers, seed: number): string {
  const sections = Object.entries(servers).map(([name, { baseUrl, controlled }]) => ({
    heading: `${name}  ${baseUrl}`,
    rows: Object.entries(controlled.settings).map(
      // A certificate has many lines; whoever needs it takes it from the control address.
      ([setting, value]) => [setting, value.includes('\n') ? `see ${baseUrl}${CONTROL_PATH}/settings` : value] as const,
    ),
  }));
  return `${formatSections(sections)}\n\nSeed ${seed}. Interrupt to stop.\n`;
}

const untilAborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
