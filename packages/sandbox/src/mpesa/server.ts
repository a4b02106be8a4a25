import { type EmulatorServer, type ServerOptions, startEmulatorServer } from '../emulator-server.ts';
import { controlDaraja } from './control.ts';
import { createDarajaEmulator, type DarajaEmulator } from './emulator.ts';
import {
  type DarajaCredentials,
  type DarajaEmulatorOptions,
  type DarajaInitiator,
  fasterTimings,
  type StkShortcode,
} from './settings.ts';

export interface DarajaServerOptions extends ServerOptions, Partial<Omit<DarajaEmulatorOptions, keyof ServerOptions>> {}

/** The emulator on a socket, and what a client has to be configured with. */
export interface DarajaServer extends EmulatorServer<DarajaEmulator> {
  readonly credentials: DarajaCredentials;
  readonly initiator: DarajaInitiator;
  readonly stkShortcodes: readonly StkShortcode[];
}

/** Starts the Daraja emulator on loopback HTTP; callbacks are real POST requests. */
export async function startDarajaServer(options: DarajaServerOptions = {}): Promise<DarajaServer> {
  const { port, host, speed, timings, ...rest } = options;
  const server = await startEmulatorServer(
    { ...(port === undefined ? {} : { port }), ...(host === undefined ? {} : { host }) },
    (ports) =>
      createDarajaEmulator({
        ...ports,
        ...rest,
        timings: { ...(speed === undefined ? {} : fasterTimings(speed)), ...timings },
      }),
    controlDaraja,
  );
  const { credentials, initiator, stkShortcodes } = server.emulator;
  return { ...server, credentials, initiator, stkShortcodes };
}
