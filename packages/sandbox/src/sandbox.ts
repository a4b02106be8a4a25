import { type DarajaServer, type DarajaServerOptions, startDarajaServer } from './mpesa/server.ts';

export interface SandboxOptions {
  readonly mpesa?: DarajaServerOptions;
}

/** Every emulator there is, each on its own port. */
export interface Sandbox {
  readonly mpesa: DarajaServer;
  close(): Promise<void>;
}

/** Starts every emulator on loopback HTTP. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const mpesa = await startDarajaServer(options.mpesa);
  return {
    mpesa,
    close: () => mpesa.close(),
  };
}
