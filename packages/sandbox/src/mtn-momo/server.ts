import { type EmulatorServer, type ServerOptions, startEmulatorServer } from '../emulator-server.ts';
import { controlMomo } from './control.ts';
import { createMomoEmulator, type MomoEmulator } from './emulator.ts';
import {
  fasterMomoTimings,
  type MomoCredentials,
  type MomoEmulatorOptions,
  type MomoEnvironment,
  type Product,
} from './settings.ts';

/** What the MTN emulator on a socket is told. */
export interface MomoServerOptions extends ServerOptions, Partial<Omit<MomoEmulatorOptions, keyof ServerOptions>> {}

/** The emulator on a socket, and what a client has to be configured with. */
export interface MomoServer extends EmulatorServer<MomoEmulator> {
  readonly credentials: Readonly<Record<Product, MomoCredentials>>;
  readonly environment: MomoEnvironment;
  readonly callbackHost: string;
}

/** Starts the MoMo emulator on loopback HTTP; callbacks are real PUT and POST requests. */
export async function startMomoServer(options: MomoServerOptions = {}): Promise<MomoServer> {
  const { port, host, speed, timings, ...rest } = options;
  const server = await startEmulatorServer(
    { ...(port === undefined ? {} : { port }), ...(host === undefined ? {} : { host }) },
    (ports) =>
      createMomoEmulator({
        ...ports,
        ...rest,
        timings: { ...(speed === undefined ? {} : fasterMomoTimings(speed)), ...timings },
      }),
    controlMomo,
  );
  const { credentials, environment, callbackHost } = server.emulator;
  return { ...server, credentials, environment, callbackHost };
}
