import * as core from '@canza/core';
import { expect, it } from 'vitest';
import * as doctor from './doctor/index.ts';
import * as integrations from './index.ts';

it('exports the words of core and four functions of its own', () => {
  expect(Object.keys(integrations).toSorted()).toEqual(
    [
      ...Object.keys(core),
      'buildReconciliationBundle',
      'configurationOf',
      'createIntegrations',
      'settlementIdOf',
    ].toSorted(),
  );
});

it('exports the doctor on a subpath of its own', () => {
  expect(Object.keys(doctor).toSorted()).toEqual(['CHECKS', 'examine', 'formatExamination']);
});
