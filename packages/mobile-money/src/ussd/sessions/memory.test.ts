import { createMemoryKeyValueStore } from '@canza/core';
import { createTurnedClock } from '@canza/core/testing';
import { describe, expect, it } from 'vitest';
import { compileMenu } from '../compile.ts';
import { begin } from '../machine.ts';
import { sendMoneyMenu } from '../testing/send-money-menu.ts';
import { describeUssdSessions } from '../testing/sessions-suite.ts';
import { SCREEN_LIMITS } from '../text/gsm7.ts';
import { createMemorySessions } from './memory-sessions.ts';
import type { SessionRecord } from './record.ts';

const create = async () => createMemoryKeyValueStore({ clock: createTurnedClock() });

describeUssdSessions({ describe, it }, 'the in-memory store', { create });
describeUssdSessions({ describe, it }, 'sessions in memory', {
  create,
  sessions: () => createMemorySessions({ clock: createTurnedClock() }),
});

describe('sessions in memory', () => {
  const clock = createTurnedClock();
  const { state } = begin(compileMenu(sendMoneyMenu, SCREEN_LIMITS.standard), {
    language: 'en',
    phone: '+254700123456',
  });
  const record: SessionRecord = {
    startedAtMs: clock.nowMs(),
    serviceCode: '*384#',
    elapsedMs: 0,
    hops: 1,
    status: 'open',
    successor: '',
    acknowledged: '',
    reply: 'Welcome',
    state,
  };

  it('are written only over the version that was seen', () => {
    const sessions = createMemorySessions({ clock });
    expect(sessions.write('a', undefined, record)).toMatchObject({ written: true });
    const first = sessions.recall('a', clock.nowMs());
    expect(sessions.write('a', undefined, { ...record, hops: 9 })).toEqual({ written: false, kept: first });
    expect(sessions.write('a', first, { ...record, hops: 2 })).toMatchObject({ written: true });
    expect(sessions.write('a', first, { ...record, hops: 9 })).toMatchObject({
      written: false,
      kept: { record: { hops: 2 } },
    });
  });

  it('are gone after their time, and never more than there is room for', async () => {
    const sessions = createMemorySessions({ clock, keepMs: 1_000, maxSessions: 10 });
    for (let index = 0; index < 100; index++) void sessions.write(`s${index}`, undefined, record);
    const kept = Array.from({ length: 100 }, (_, index) => sessions.recall(`s${index}`, clock.nowMs())).filter(
      (each) => each !== undefined,
    );
    expect(kept.length).toBeLessThanOrEqual(10);
    expect(sessions.recall('s99', clock.nowMs())).toBeDefined();
    await clock.advance(1_000);
    expect(sessions.recall('s99', clock.nowMs())).toBeUndefined();
    expect(sessions.write('s99', undefined, record)).toMatchObject({ written: true });
  });
});
