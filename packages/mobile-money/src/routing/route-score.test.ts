import type { Route } from '@canza/core';
import { createScriptedProvider, createTurnedClock } from '@canza/core/testing';
import { describe, expect, it } from 'vitest';

import { DEFAULT_HEALTH, HealthBoard, type RouteHealth } from './route-health.ts';
import { rankRoutes, scoreOf } from './route-score.ts';

const routeOf = (name: string): Route => createScriptedProvider({ name }).route;
const A = routeOf('a');
const B = routeOf('b');
const C = routeOf('c');

const ids = (healths: Record<string, RouteHealth>, rest: Partial<Parameters<typeof rankRoutes>[0]> = {}): string[] =>
  rankRoutes({
    routes: [A, B, C],
    healthOf: (id) => healths[id] ?? { state: 'operational', samples: 0 },
    terms: {},
    explorationShare: 0,
    draw: 0.5,
    ...rest,
  }).map(({ route }) => route.provider);

describe('the order of routes', () => {
  it('is the configured one while nothing is known', () => {
    expect(ids({})).toEqual(['a', 'b', 'c']);
  });

  it('demotes a route that fails, and never removes it', () => {
    expect(ids({ [A.id]: { state: 'delayed', samples: 50, successRate: 0.4 } })).toEqual(['b', 'c', 'a']);
  });

  it('puts a closed route last, however well it did until a moment ago', () => {
    expect(
      ids({
        [A.id]: { state: 'closed', samples: 90, successRate: 0.9, latencyMs: 100 },
        [B.id]: { state: 'delayed', samples: 50, successRate: 0.5, latencyMs: 16_000 },
      }),
    ).toEqual(['c', 'b', 'a']);
  });

  it('is not turned over by a single failure against a slower route', () => {
    const healths: Record<string, RouteHealth> = {
      [A.id]: { state: 'operational', samples: 1, successRate: 0 },
      [B.id]: { state: 'operational', samples: 40, successRate: 1, latencyMs: 15_000 },
    };
    expect(ids(healths, { routes: [A, B] })).toEqual(['a', 'b']);
  });

  it('puts a slow route behind a quick one, and a dear one behind a cheap one', () => {
    expect(ids({ [A.id]: { state: 'operational', samples: 20, successRate: 1, latencyMs: 9000 } })).toEqual([
      'b',
      'c',
      'a',
    ]);
    expect(ids({}, { terms: { a: { costShare: 0.02 }, [C.id]: { preference: 2 } } })).toEqual(['c', 'b', 'a']);
  });

  it('stays, and says so, when all are closed', () => {
    const closed: RouteHealth = { state: 'closed', samples: 20, successRate: 0, reopensAtMs: 1 };
    const ranked = rankRoutes({ routes: [A, B], healthOf: () => closed, terms: {}, explorationShare: 0.5, draw: 0 });
    expect(ranked.map(({ route }) => route.provider)).toEqual(['a', 'b']);
    for (const { why } of ranked) expect(why).toContain('closed for now: nothing is sent over it');
  });

  it('explores the drawn share, only open routes, and says so', () => {
    expect(ids({}, { explorationShare: 0.1, draw: 0.01 })).toEqual(['b', 'a', 'c']);
    expect(ids({}, { explorationShare: 0.1, draw: 0.09 })).toEqual(['c', 'a', 'b']);
    expect(ids({}, { explorationShare: 0.1, draw: 0.1 })).toEqual(['a', 'b', 'c']);
    const closed: RouteHealth = { state: 'closed', samples: 20, successRate: 0 };
    expect(ids({ [B.id]: closed, [C.id]: closed }, { explorationShare: 0.1, draw: 0 })[0]).toBe('a');
  });

  it('gives a failing route a lower score than a new one', () => {
    expect(scoreOf({ state: 'delayed', samples: 20, successRate: 0.5 })).toBeLessThan(
      scoreOf({ state: 'operational', samples: 0 }),
    );
  });
});

describe('the health of a route', () => {
  const board = () => {
    const clock = createTurnedClock();
    return { clock, health: new HealthBoard(clock) };
  };
  const repeat = (times: number, action: () => void): void => {
    for (let count = 0; count < times; count++) action();
  };

  it('is operational while few samples are known, however bad they are', () => {
    const { health } = board();
    repeat(9, () => health.faulted('r'));
    expect(health.of('r')).toMatchObject({ state: 'operational', samples: 9, successRate: 0 });
    expect(health.closedForMs('r')).toBe(0);
  });

  it('is delayed when a share of its outcomes fails, or its answers take long', () => {
    const { health } = board();
    repeat(20, () => health.worked('r', 100));
    repeat(5, () => health.faulted('r'));
    expect(health.of('r')).toMatchObject({ state: 'delayed', samples: 25, successRate: 0.8, latencyMs: 100 });
    repeat(20, () => health.worked('slow', 20_000));
    expect(health.of('slow').state).toBe('delayed');
  });

  const { coolDownMs, faultsToClose } = DEFAULT_HEALTH;

  it('closes after faults in a row, lets one trial through after the cool-down, and doubles it when that fails', async () => {
    const { clock, health } = board();
    repeat(faultsToClose, () => health.faulted('r'));
    expect(health.of('r')).toMatchObject({ state: 'closed', reopensAtMs: clock.nowMs() + coolDownMs });
    expect(health.closedForMs('r')).toBe(coolDownMs);
    await clock.advance(coolDownMs);
    expect(health.closedForMs('r')).toBe(0);
    health.beginTrial('r', 1000);
    expect(health.closedForMs('r'), 'one trial at a time').toBe(1000);
    health.faulted('r');
    expect(health.closedForMs('r')).toBe(2 * coolDownMs);
  });

  it.each(['worked', 'answered'] as const)('opens for good when the trial %s', async (how) => {
    const { clock, health } = board();
    repeat(faultsToClose, () => health.faulted('r'));
    await clock.advance(coolDownMs);
    health.beginTrial('r', 1000);
    health[how]('r');
    expect(health.closedForMs('r')).toBe(0);
    repeat(faultsToClose - 1, () => health.faulted('r'));
    expect(health.closedForMs('r')).toBe(0);
  });

  it('says in whole milliseconds how long it stays closed, although monotonic time has fractions', async () => {
    const { clock, health } = board();
    await clock.advance(0.25);
    repeat(faultsToClose, () => health.faulted('r'));
    await clock.advance(0.5);
    expect(health.closedForMs('r')).toBe(coolDownMs);
    expect(Number.isInteger((health.of('r').reopensAtMs ?? 0.5) - clock.nowMs())).toBe(true);
  });

  it('lets another trial through when the first was never heard of again', async () => {
    const { clock, health } = board();
    repeat(faultsToClose, () => health.faulted('r'));
    await clock.advance(coolDownMs);
    health.beginTrial('r', 1000);
    await clock.advance(1000);
    expect(health.closedForMs('r')).toBe(0);
  });

  it('forgets what is older than the window', async () => {
    const { clock, health } = board();
    repeat(20, () => health.worked('r', 100));
    await clock.advance(DEFAULT_HEALTH.windowMs / 2);
    health.worked('r', 100);
    expect(health.of('r').samples).toBe(21);
    await clock.advance(DEFAULT_HEALTH.windowMs / 2 + 1);
    expect(health.of('r')).toMatchObject({ samples: 1, ageMs: DEFAULT_HEALTH.windowMs / 2 + 1 });
    await clock.advance(DEFAULT_HEALTH.windowMs);
    expect(health.of('r').samples).toBe(0);
  });
});
