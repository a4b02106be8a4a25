import { type Check, type Finding, fail, type HeardTime, ok, warn } from './check.ts';

const ABOUT = 'clock';
const WARN_MS = 5_000;
const FAIL_MS = 60_000;
/** An operator's time has whole seconds. */
const ROUNDING_MS = 1_000;

/** Whether our clock and the operators' agree: deadlines, tokens and signed timestamps rest on it. */
export const clocks: Check = {
  name: 'clocks',
  run: ({ heard, providers }) => judgeClocks(heard, providers.length > 0),
};

/** The worst difference decides; one operator may be wrong, so it is named. */
function judgeClocks(heard: readonly HeardTime[], isAsked: boolean): readonly Finding[] {
  const differences = heard
    .map(({ host, theirMs, ourMs }) => ({ host, ms: Math.max(0, Math.abs(ourMs - theirMs) - ROUNDING_MS) }))
    .toSorted((a, b) => b.ms - a.ms);
  const [worst] = differences;
  if (worst === undefined) {
    return isAsked
      ? [warn(ABOUT, 'no operator told the time', 'see that a time service (NTP) runs on this machine')]
      : [];
  }
  const seconds = Math.round(worst.ms / 1_000);
  const what = `our clock and that of ${worst.host} differ by ${seconds} s`;
  const todo = 'set the clock by a time service (NTP) on this machine';
  if (worst.ms >= FAIL_MS) return [fail(ABOUT, what, todo)];
  if (worst.ms >= WARN_MS) return [warn(ABOUT, what, todo)];
  return [ok(ABOUT, 'our clock agrees with the operators’')];
}
