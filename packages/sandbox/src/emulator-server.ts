import { type Clock, type Random, systemClock, systemRandom, type Transport } from '@canza/core';

import { type Controlled, createControl } from './control/control.ts';
import type { Endpoint } from './endpoint.ts';
import type { EventListener } from './events.ts';
import type { FaultPlan } from './faults.ts';
import { createHttpDeliver } from './http-deliver.ts';
import { type HttpServerOptions, startHttpServer } from './http-server.ts';

/** What every emulator's server can be told. */
export interface ServerOptions {
  /** 0, the default, takes a free one. */
  readonly port?: number;
  /** Address to listen on; this machine alone unless said otherwise. */
  readonly host?: string;
  /** Makes the operator and its customers so many times faster than they are; 1 unless said otherwise. */
  readonly speed?: number;
  readonly random?: Random;
  readonly faults?: FaultPlan;
  readonly onEvent?: EventListener;
}

/** An emulator on a socket. */
export interface EmulatorServer<Emulator = unknown> {
  readonly baseUrl: string;
  readonly emulator: Emulator;
  /** What of it can be watched and steered. */
  readonly controlled: Controlled;
  /** Ends everything: listening, open exchanges, callbacks to come. */
  readonly close: () => Promise<void>;
}

/** The ports that an emulator on a socket has: the machine's clock and randomness, and callbacks as real requests. */
export interface ServerPorts {
  readonly clock: Clock;
  readonly random: Random;
  readonly deliver: Transport;
}

/**
 * Starts one emulator on loopback HTTP, with the control address beside the operator's own.
 * @param build Makes the emulator from the ports of a server.
 * @param control Says what of it can be steered.
 */
export async function startEmulatorServer<Emulator extends Pick<Endpoint, 'exchange'> & { close(): Promise<void> }>(
  place: Pick<ServerOptions, 'port' | 'host'> & Pick<HttpServerOptions, 'largestBodyBytes' | 'tooLarge'>,
  build: (ports: ServerPorts) => Emulator,
  control: (emulator: Emulator) => Controlled,
): Promise<EmulatorServer<Emulator>> {
  const callbacks = createHttpDeliver();
  const emulator = build({ clock: systemClock, random: systemRandom, deliver: callbacks.deliver });
  const controlled = control(emulator);
  const end = async (): Promise<void> => {
    await emulator.close();
    callbacks.close();
  };
  const server = await startHttpServer({
    exchange: emulator.exchange,
    control: createControl(controlled),
    ...place,
  }).catch(async (error: unknown) => {
    await end();
    throw error;
  });
  return {
    baseUrl: server.baseUrl,
    emulator,
    controlled,
    async close() {
      await Promise.all([end(), server.close()]);
    },
  };
}
