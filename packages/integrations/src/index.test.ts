import * as core from '@canza/core';
import { expect, it } from 'vitest';
import * as integrations from './index.ts';

it('exports the words of core and two functions of its own', () => {
  expect(Object.keys(integrations).toSorted()).toEqual(
    [...Object.keys(core), 'configurationOf', 'createIntegrations'].toSorted(),
  );
});
