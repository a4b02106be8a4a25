import { setTimeout as sleep } from 'node:timers/promises';

/** Tries until it says true; fails after thirty seconds, with the last error if there was one. */
export async function until(condition: () => Promise<boolean>): Promise<void> {
  let last: unknown;
  for (let tries = 0; tries < 600; tries++) {
    try {
      // oxlint-disable-next-line no-await-in-loop
      if (await condition()) return;
    } catch (error) {
      last = error;
    }
    // oxlint-disable-next-line no-await-in-loop
    await sleep(50);
  }
  throw new Error('waited half a minute in vain', { cause: last });
}
