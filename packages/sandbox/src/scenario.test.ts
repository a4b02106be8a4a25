import { createTurnedClock } from '@canza/core/testing';
import { expect, test } from 'vitest';

import { createDarajaCaller } from '../test/daraja-caller.ts';
import { createScenario } from './scenario.ts';

async function storyOf(seed: number): Promise<string> {
  const scenario = createScenario({
    seed,
    clock: createTurnedClock(),
    faults: { mpesa: [{ stage: 'submit', kind: 'throttled' }] },
    chance: {
      share: 0.4,
      candidates: [
        { stage: 'submit', kind: 'html' },
        { stage: 'callback', kind: 'doubled' },
        { stage: 'callback', kind: 'missing' },
      ],
    },
  });
  const { clock: _, ...ports } = scenario.portsOf('mpesa');
  const { push, clock } = createDarajaCaller({ ...ports, timings: { repeatWindowMs: 0 } });
  for (let payment = 0; payment < 12; payment++) {
    await push();
    await clock.advance(30_000);
  }
  return scenario.story();
}

test('is told again word for word from its seed, and otherwise from another', async () => {
  const story = await storyOf(11);
  expect(await storyOf(11)).toBe(story);
  expect(await storyOf(12)).not.toBe(story);
  expect(story.split('\n')[0]).toBe('seed 11');
  expect(story).toContain('mpesa fault: submit throttled');
});

test('never tells a whole phone number', async () => {
  expect(await storyOf(11)).not.toMatch(/\d{9}/);
});

test('gives each name a stream of its own', () => {
  const scenario = createScenario({ seed: 3, clock: createTurnedClock() });
  const first = scenario.random('mpesa').float();
  expect(scenario.random('mtn-momo').float()).not.toBe(first);
  expect(scenario.random('mpesa').float()).toBe(first);
});
