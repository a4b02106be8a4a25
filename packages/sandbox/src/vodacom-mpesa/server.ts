import { type EmulatorServer, type ServerOptions, startEmulatorServer } from '../emulator-server.ts';
import { controlVodacom } from './control.ts';
import { createVodacomEmulator, type VodacomEmulator } from './emulator.ts';
import { fasterVodacomTimings, type VodacomApplication, type VodacomEmulatorOptions } from './settings.ts';

/** What the Vodacom emulator on a socket is told. */
export interface VodacomServerOptions
  extends ServerOptions,
    Partial<Omit<VodacomEmulatorOptions, keyof ServerOptions>> {}

/** The emulator on a socket, and what a client has to be configured with. */
export interface VodacomServer extends EmulatorServer<VodacomEmulator> {
  readonly application: VodacomApplication;
  /** Base64 SubjectPublicKeyInfo. */
  readonly publicKey: string;
}

/** Starts the M-Pesa Open API emulator on loopback HTTP; asynchronous results are real requests to the response URL. */
export async function startVodacomServer(options: VodacomServerOptions = {}): Promise<VodacomServer> {
  const { port, host, speed, timings, ...rest } = options;
  const server = await startEmulatorServer(
    { ...(port === undefined ? {} : { port }), ...(host === undefined ? {} : { host }) },
    (ports) =>
      createVodacomEmulator({
        ...ports,
        ...rest,
        timings: { ...(speed === undefined ? {} : fasterVodacomTimings(speed)), ...timings },
      }),
    controlVodacom,
  );
  const { application, publicKey } = server.emulator;
  return { ...server, application, publicKey };
}
