import { type EmulatorServer, type ServerOptions, startEmulatorServer } from '../emulator-server.ts';
import { controlAirtel } from './control.ts';
import { type AirtelEmulator, createAirtelEmulator } from './emulator.ts';
import { type AirtelApplication, type AirtelEmulatorOptions, fasterAirtelTimings } from './settings.ts';

/** What the Airtel emulator on a socket is told. */
export interface AirtelServerOptions extends ServerOptions, Partial<Omit<AirtelEmulatorOptions, keyof ServerOptions>> {}

/** The emulator on a socket, and what a client has to be configured with. */
export interface AirtelServer extends EmulatorServer<AirtelEmulator> {
  readonly application: AirtelApplication;
}

/** Starts the Airtel Money emulator on loopback HTTP; callbacks are real POST requests to the address of the portal. */
export async function startAirtelServer(options: AirtelServerOptions = {}): Promise<AirtelServer> {
  const { port, host, speed, timings, ...rest } = options;
  const server = await startEmulatorServer(
    { ...(port === undefined ? {} : { port }), ...(host === undefined ? {} : { host }) },
    (ports) =>
      createAirtelEmulator({
        ...ports,
        ...rest,
        timings: { ...(speed === undefined ? {} : fasterAirtelTimings(speed)), ...timings },
      }),
    controlAirtel,
  );
  return { ...server, application: server.emulator.application };
}
