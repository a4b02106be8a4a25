import { APTOS_LOCAL_PORTS } from '../aptos/server.ts';
import type { EmulatorName } from '../sandbox.ts';

/**
 * The ports of one emulator of several: one each, one after the other, three for Aptos.
 * @param firstPort 0 for free ones. Without one they are free too, but for Aptos alone, which has its usual ones.
 */
export function portsOf(
  emulators: readonly EmulatorName[],
  name: EmulatorName,
  firstPort: number | undefined,
): { readonly port?: number; readonly faucetPort?: number; readonly indexerPort?: number } {
  if (firstPort === undefined) return name === 'aptos' && emulators.length === 1 ? APTOS_LOCAL_PORTS : {};
  if (firstPort === 0) return {};
  const before = emulators.slice(0, emulators.indexOf(name));
  const port = firstPort + before.length + (before.includes('aptos') ? 2 : 0);
  return name === 'aptos' ? { port, faucetPort: port + 1, indexerPort: port + 2 } : { port };
}
