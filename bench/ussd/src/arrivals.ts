/**
 * Sessions that arrive at a steady rate, over a store that takes its time, as a store does. Every person enters what nobody
 * else does, so a screen that belongs to another shows. `node src/arrivals.ts [sessions] [a second]`
 */

import { createMemoryKeyValueStore, type KeyValueStore, systemClock } from '@canza/core';
import { createSeededRandom } from '@canza/core/testing';
import { bareScreen, type Contestant, type Script, writeScripts } from './contestant.ts';
import { oursOver } from './ours.ts';
import { PEERS, type PeerSessions, peer, sessionsInMap } from './peers.ts';

const [sessions = 10_000, perSecond = 200] = process.argv.slice(2).map(Number);
const SLOWEST_MS = 2;
/** A gateway gives up long before. */
const UNANSWERED_AFTER_MS = 10_000;

const random = createSeededRandom(20_261_123);
const pause = (delayMs: number): Promise<void> => new Promise((resolve) => void setTimeout(resolve, delayMs));
const slowly = async <T>(work: () => Promise<T>): Promise<T> => {
  await pause(random.float() * SLOWEST_MS);
  return work();
};

function slowStore(): KeyValueStore {
  const store = createMemoryKeyValueStore({ clock: systemClock });
  return {
    get: (...given) => slowly(() => store.get(...given)),
    set: (...given) => slowly(() => store.set(...given)),
    swap: (...given) => slowly(() => store.swap(...given)),
    delete: (...given) => slowly(() => store.delete(...given)),
    increment: (...given) => slowly(() => store.increment(...given)),
  };
}

function slowSessions(): PeerSessions {
  const map = sessionsInMap();
  return {
    start: (...given) => slowly(() => map.start(...given)),
    end: (...given) => slowly(() => map.end(...given)),
    set: (...given) => slowly(() => map.set(...given)),
    get: (...given) => slowly(() => map.get(...given)),
  };
}

type Fate = 'right' | 'wrong' | 'unanswered';

async function live(contestant: Contestant, { requests, screens }: Script): Promise<Fate> {
  for (const [hop, request] of requests.entries()) {
    const gaveUp = Symbol('unanswered');
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<typeof gaveUp>((resolve) => {
      timer = setTimeout(() => resolve(gaveUp), UNANSWERED_AFTER_MS);
    });
    try {
      const answer = await Promise.race([contestant.answer(request), patience]);
      if (answer === gaveUp) return 'unanswered';
      if (typeof answer === 'symbol' || bareScreen(answer) !== screens[hop]) return 'wrong';
    } catch {
      return 'unanswered';
    } finally {
      clearTimeout(timer);
    }
  }
  return 'right';
}

async function crowd(contestant: Contestant): Promise<void> {
  const fates: Record<Fate, number> = { right: 0, wrong: 0, unanswered: 0 };
  const scripts = writeScripts(sessions);
  const start = performance.now();
  const lives = scripts.map(async (script, index) => {
    await pause(Math.max(0, start + (index * 1_000) / perSecond - performance.now()));
    fates[await live(contestant, script)] += 1;
  });
  await Promise.all(lives);
  const failed = ((fates.wrong + fates.unanswered) * 100) / sessions;
  const counts = Object.entries(fates).map(([fate, count]) => `${count} ${fate}`);
  console.log(`  ${contestant.name.padEnd(36)} ${counts.join(', ')} (${failed.toFixed(1)} % failed)`);
}

// What the peers reject in their own machinery has nobody to hear it.
process.on('unhandledRejection', () => undefined);

console.log(`${sessions} sessions, ${perSecond} a second, over a store that takes 0 to ${SLOWEST_MS} ms:`);
await crowd(oursOver(slowStore(), 'our handler', false));
await crowd(oursOver(slowStore(), 'our handler, numbers remembered', true));
for (const name of PEERS) await crowd(peer(name, slowSessions()));
