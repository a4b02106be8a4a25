import { fork } from 'node:child_process';
import { once } from 'node:events';

import { createSigner } from '@canza/blockchain/aptos';

export interface EmulatorProcess {
  readonly nodeUrl: string;
  readonly usdc: string;
  close(): void;
}

/** Starts the emulator in a process of its own, where the accounts of these keys hold plenty. */
export async function startEmulator(keys: readonly string[]): Promise<EmulatorProcess> {
  const owners = keys.map((key) => createSigner(key).address);
  const child = fork(new URL('emulator.ts', import.meta.url), owners, { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
  if (child.stdout === null) throw new Error('The emulator has no output.');
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  const addresses = JSON.parse(String(line)) as Pick<EmulatorProcess, 'nodeUrl' | 'usdc'>;
  return { ...addresses, close: () => child.disconnect() };
}
