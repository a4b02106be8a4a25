import { systemClock, systemRandom } from '@canza/core';

import { createHttpDeliver } from '../http-deliver.ts';
import { startHttpServer } from '../http-server.ts';
import { createDarajaEmulator, type DarajaEmulator } from './emulator.ts';
import type { DarajaCredentials, DarajaEmulatorOptions, DarajaInitiator, StkShortcode } from './settings.ts';

export interface DarajaServerOptions extends Partial<DarajaEmulatorOptions> {
  /** 0, the default, takes a free one. */
  readonly port?: number;
  readonly host?: string;
}

/** The emulator on a socket, and what a client has to be configured with. */
export interface DarajaServer {
  readonly baseUrl: string;
  readonly credentials: DarajaCredentials;
  readonly initiator: DarajaInitiator;
  readonly stkShortcodes: readonly StkShortcode[];
  readonly emulator: DarajaEmulator;
  /** Ends everything: listening, open exchanges, callbacks to come. */
  close(): Promise<void>;
}

/** Starts the Daraja emulator on loopback HTTP; callbacks are real POST requests. */
export async function startDarajaServer({ port, host, ...options }: DarajaServerOptions = {}): Promise<DarajaServer> {
  const callbacks = createHttpDeliver();
  const emulator = createDarajaEmulator({
    clock: systemClock,
    random: systemRandom,
    deliver: callbacks.deliver,
    ...options,
  });
  const server = await startHttpServer({
    exchange: emulator.exchange,
    ...(port === undefined ? {} : { port }),
    ...(host === undefined ? {} : { host }),
  });
  return {
    baseUrl: server.baseUrl,
    credentials: emulator.credentials,
    initiator: emulator.initiator,
    stkShortcodes: emulator.stkShortcodes,
    emulator,
    async close() {
      await Promise.all([emulator.close(), server.close()]);
      callbacks.close();
    },
  };
}
