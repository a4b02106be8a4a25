import { fork } from 'node:child_process';
import { once } from 'node:events';

import { createSigner } from '@canza/blockchain/aptos';

export interface EmulatorProcess {
  readonly nodeUrl: string;
  readonly usdc: string;
  /** CPU that the emulator has used so far: beside what is measured, it says who of the two is waited for. */
  cpuMicros(): Promise<number>;
  close(): void;
}

/** Starts the emulator in a process of its own, where the accounts of these keys hold plenty. */
export async function startEmulator(keys: readonly string[]): Promise<EmulatorProcess> {
  const owners = keys.map((key) => createSigner(key).address);
  const child = fork(new URL('emulator.ts', import.meta.url), owners, { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
  if (child.stdout === null) throw new Error('The emulator has no output.');
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  const addresses = JSON.parse(String(line)) as Pick<EmulatorProcess, 'nodeUrl' | 'usdc'>;
  const cpuMicros = async (): Promise<number> => {
    child.send('cpu');
    const [micros] = (await once(child, 'message')) as [number];
    return micros;
  };
  return { ...addresses, cpuMicros, close: () => child.disconnect() };
}
