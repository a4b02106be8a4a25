import { startAirtelServer } from './airtel-money/server.ts';
import { startAptosServer } from './aptos/server.ts';
import type { EmulatorServer, ServerOptions } from './emulator-server.ts';
import { startDarajaServer } from './mpesa/server.ts';
import { startMomoServer } from './mtn-momo/server.ts';
import { startVodacomServer } from './vodacom-mpesa/server.ts';

/** Every emulator there is, by name: a new one joins with one line. */
export const EMULATORS = {
  mpesa: startDarajaServer,
  'mtn-momo': startMomoServer,
  'airtel-money': startAirtelServer,
  'vodacom-mpesa': startVodacomServer,
  aptos: startAptosServer,
} as const satisfies Readonly<Record<string, (options?: ServerOptions) => Promise<EmulatorServer>>>;

/** An emulator, by its name. */
export type EmulatorName = keyof typeof EMULATORS;

/** What each emulator is told, by its name. */
export type SandboxOptions = {
  readonly [Name in EmulatorName]?: NonNullable<Parameters<(typeof EMULATORS)[Name]>[0]>;
};

/** Every emulator, each on its own port. */
export type Sandbox = {
  readonly [Name in EmulatorName]: Awaited<ReturnType<(typeof EMULATORS)[Name]>>;
} & { readonly close: () => Promise<void> };

/** Starts every emulator on loopback HTTP. When one cannot start, none is left running. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const names = Object.keys(EMULATORS) as EmulatorName[];
  const servers = await startServers(names, (name) => options[name] ?? {});
  return {
    ...(servers as { [Name in EmulatorName]: Awaited<ReturnType<(typeof EMULATORS)[Name]>> }),
    close: () => closeServers(servers),
  };
}

/** Starts some emulators, one after the other, in the order given. */
export async function startServers<Name extends EmulatorName>(
  names: readonly Name[],
  optionsOf: (name: Name) => ServerOptions,
): Promise<Readonly<Record<Name, EmulatorServer>>> {
  const servers: Partial<Record<Name, EmulatorServer>> = {};
  try {
    for (const name of names) servers[name] = await EMULATORS[name](optionsOf(name));
  } catch (error) {
    await closeServers(servers as Record<Name, EmulatorServer>);
    throw error;
  }
  return servers as Record<Name, EmulatorServer>;
}

export async function closeServers(servers: Readonly<Record<string, EmulatorServer>>): Promise<void> {
  await Promise.all(Object.values(servers).map((server) => server.close()));
}
