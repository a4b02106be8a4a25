import * as core from '@canza/core';
import { expect, it } from 'vitest';
import * as doctor from './doctor/index.ts';
import * as integrations from './index.ts';

it('exports the words of core and two functions of its own', () => {
  expect(Object.keys(integrations).toSorted()).toEqual(
    [...Object.keys(core), 'configurationOf', 'createIntegrations'].toSorted(),
  );
});

it('exports the doctor on a subpath of its own', () => {
  expect(Object.keys(doctor).toSorted()).toEqual(['CHECKS', 'examine', 'formatExamination']);
});
