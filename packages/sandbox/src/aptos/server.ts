import { type EmulatorServer, type ServerOptions, startEmulatorServer } from '../emulator-server.ts';
import { type HttpServer, startHttpServer } from '../http-server.ts';
import { type AptosAddresses, controlAptos } from './control.ts';
import { type AptosEmulator, createAptosEmulator } from './emulator.ts';
import { errorReply, frameworkError } from './rest/replies.ts';
import { type AptosEmulatorOptions, DEFAULT_APTOS_SETTINGS } from './settings.ts';

/** What the Aptos emulator on a socket is told. */
export interface AptosServerOptions extends ServerOptions, Partial<Omit<AptosEmulatorOptions, keyof ServerOptions>> {
  /** Ports of the faucet and the indexer; free ones when left out. */
  readonly faucetPort?: number;
  readonly indexerPort?: number;
}

/** The emulator on three sockets, as a network of one's own has it. Each of them answers everything. */
export interface AptosServer extends EmulatorServer<AptosEmulator>, AptosAddresses {}

/** Where tools look for a network on one's own machine. */
export const APTOS_LOCAL_PORTS = { port: 8_080, faucetPort: 8_081, indexerPort: 8_090 } as const;

/** What a node takes, and what it says to more. */
const BODIES = {
  largestBodyBytes: 8 * 1024 * 1024,
  tooLarge: errorReply(frameworkError('payload too large', 413)),
} as const;

/** Starts node, faucet and indexer on loopback HTTP. */
export async function startAptosServer(options: AptosServerOptions = {}): Promise<AptosServer> {
  const { port, host, faucetPort, indexerPort, speed = 1, blockIntervalMs, ...rest } = options;
  const place = host === undefined ? {} : { host };
  let addresses: AptosAddresses = { nodeUrl: '', faucetUrl: '', indexerUrl: '' };
  const intervalMs = blockIntervalMs ?? Math.max(1, Math.round(DEFAULT_APTOS_SETTINGS.blockIntervalMs / speed));
  const server = await startEmulatorServer(
    { ...(port === undefined ? {} : { port }), ...place, ...BODIES },
    ({ clock, random }) => createAptosEmulator({ clock, random, ...rest, blockIntervalMs: intervalMs }),
    (emulator) => controlAptos(emulator, () => addresses),
  );
  const others: HttpServer[] = [];
  const close = async (): Promise<void> => {
    await Promise.all([server.close(), ...others.map((other) => other.close())]);
  };
  try {
    for (const each of [faucetPort, indexerPort]) {
      const { exchange } = server.emulator;
      others.push(await startHttpServer({ exchange, port: each, ...place, ...BODIES }));
    }
  } catch (error) {
    await close();
    throw error;
  }
  const [faucet, indexer] = others;
  addresses = {
    nodeUrl: `${server.baseUrl}/v1`,
    faucetUrl: faucet?.baseUrl ?? '',
    indexerUrl: `${indexer?.baseUrl ?? ''}/v1/graphql`,
  };
  return { ...server, ...addresses, close };
}
