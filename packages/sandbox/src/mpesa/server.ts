import { type EmulatorServer, type ServerOptions, startEmulatorServer } from '../emulator-server.ts';
import { controlDaraja } from './control.ts';
import { createDarajaEmulator, type DarajaEmulator } from './emulator.ts';
import {
  type DarajaCredentials,
  type DarajaEmulatorOptions,
  type DarajaInitiator,
  fasterTimings,
  type StkShortcode,
  TEST_SHORTCODE,
} from './settings.ts';

/** What the Daraja emulator on a socket is told. */
export interface DarajaServerOptions extends ServerOptions, Partial<Omit<DarajaEmulatorOptions, keyof ServerOptions>> {}

/** What a client is configured with, to take payments from this emulator. */
export interface DarajaClientSettings extends DarajaCredentials {
  readonly environment: 'sandbox';
  readonly baseUrl: string;
  readonly shortcode: string;
  readonly passkey: string;
}

/** The emulator on a socket, and what a client has to be configured with. */
export interface DarajaServer extends EmulatorServer<DarajaEmulator> {
  readonly credentials: DarajaCredentials;
  /** The same and the address, as `mpesa()` takes them: for collections by the first short code. */
  readonly settings: DarajaClientSettings;
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
  const { shortcode, passkey } = stkShortcodes[0] ?? TEST_SHORTCODE;
  const settings = { environment: 'sandbox', baseUrl: server.baseUrl, ...credentials, shortcode, passkey } as const;
  return { ...server, credentials, settings, initiator, stkShortcodes };
}
