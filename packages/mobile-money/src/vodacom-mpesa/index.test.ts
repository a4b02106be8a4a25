import { expect, test } from 'vitest';

import * as publicNames from './index.ts';

test('the public names of the Vodacom M-Pesa adapter', () => {
  expect(Object.keys(publicNames).toSorted()).toEqual(['vodacomMpesa']);
});
