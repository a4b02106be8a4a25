import type { FaultPlan } from '../faults.ts';
import type { Call } from '../router.ts';
import type { Schedule } from '../schedule.ts';
import type { Chain } from './chain/chain.ts';

const DEFAULT_DURATION_MS = 10_000;
const SPIKE = 10n;

/** Lets the faults strike that befall the whole chain for a while, at the request that they are meant for. */
export function createStrikes(chain: Chain, faults: FaultPlan, schedule: Schedule): (call: Call) => void {
  return ({ operation, request }) => {
    const fault = faults.takeForChain(operation, request, ['gas-spike', 'ledger-stopped']);
    if (fault === undefined) return;
    const durationMs = fault.delayMs ?? DEFAULT_DURATION_MS;
    if (fault.kind === 'gas-spike') {
      chain.setFloorPrice(chain.settings.gas.minimumPrice * SPIKE);
      schedule.after(durationMs, () => chain.setFloorPrice(0n));
    } else {
      chain.stop();
      schedule.after(durationMs, () => chain.resume());
    }
  };
}
