import { createMemoryKeyValueStore } from '@canza/core';
import { createTurnedClock } from '@canza/core/testing';
import { describe, it } from 'vitest';
import { describeUssdSessions } from '../testing/sessions-suite.ts';

describeUssdSessions({ describe, it }, 'the in-memory store', {
  create: async () => createMemoryKeyValueStore({ clock: createTurnedClock() }),
});
