import { expect, it } from 'vitest';

import { objectionToReviews } from './tally.ts';
import { CAN_BE_ASKED } from './watch/doubts.ts';

const doubts = (all: number) => ({ [CAN_BE_ASKED]: all, 'nobody can be asked': 50 });
const row = (asking: string) => `${asking}|mtn-momo collection||some reason`;

it.each([
  [1000, 0],
  [1001, 1],
  [20_000, 19],
  [300, 1],
])('of %i payments whose operator could be asked, %i in review are few enough', (all, count) => {
  const reviews = { [row(CAN_BE_ASKED)]: count, [row('nobody can be asked')]: 50 };
  expect(objectionToReviews({ doubts: doubts(all), reviews })).toBeUndefined();
});

it.each([
  [1000, 1],
  [20_000, 20],
  [300, 2],
])('of %i payments whose operator could be asked, %i in review are too many, and it says so', (all, count) => {
  const half = Math.floor(count / 2);
  const reviews = { [row(CAN_BE_ASKED)]: count - half, [`${row(CAN_BE_ASKED)} of another kind`]: half };
  expect(objectionToReviews({ doubts: doubts(all), reviews })).toBe(
    `${count} of ${all} payments whose operator could be asked ended in review: it has to be less than one in 1000`,
  );
});
