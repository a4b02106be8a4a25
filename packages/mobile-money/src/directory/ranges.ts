import { COUNTRIES } from './countries.ts';
import { RANGE_DATA } from './generated/ranges.ts';
import { OPERATORS, type OperatorId } from './operators.ts';

/** Whose numbers begin like this, as they were first assigned. */
export interface RangeHolder {
  readonly operator: OperatorId;
  /** Country code and prefix: `254757`. */
  readonly prefix: string;
}

const ranges = new Map<string, RangeHolder>();
let shortest = Number.POSITIVE_INFINITY;
let longest = 0;

for (const [id, written] of Object.entries(RANGE_DATA)) {
  const operator = id as OperatorId;
  const { callingCode } = COUNTRIES[OPERATORS[operator].country];
  for (const national of expand(written)) {
    const prefix = callingCode + national;
    ranges.set(prefix, { operator, prefix });
    shortest = Math.min(shortest, prefix.length);
    longest = Math.max(longest, prefix.length);
  }
}

/**
 * The range that a number lies in; the longest prefix wins (Kenya's 75 is Airtel's, its 757 Safaricom's).
 * `undefined` says that no table has the range, not that the number is wrong: new ranges are months late everywhere.
 * @param msisdn E.164 digits without a plus.
 */
export function findRange(msisdn: string): RangeHolder | undefined {
  for (let length = longest; length >= shortest; length -= 1) {
    const holder = ranges.get(msisdn.slice(0, length));
    if (holder !== undefined) return holder;
  }
  return undefined;
}

/** Every range, for tables and tests. */
export const listRanges = (): readonly RangeHolder[] => [...ranges.values()];

/** `70-72 757` to 70, 71, 72, 757; zeros in front are kept. */
function* expand(written: string): Generator<string> {
  for (const part of written.split(' ')) {
    const [first = '', last = first] = part.split('-');
    for (let number = Number(first); number <= Number(last); number += 1) {
      yield String(number).padStart(first.length, '0');
    }
  }
}
