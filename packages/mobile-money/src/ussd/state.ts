/** Where one payer stands in a menu. Plain, immutable data: the machine makes a new one each step. */

export type Answers = Readonly<Record<string, string>>;

/** Where a payer is in a menu, and what they have entered. */
export interface SessionState {
  /** The screen that is shown. */
  readonly at: string;
  readonly language: string;
  /** From 0. */
  readonly page: number;
  /** Wrong entries on this screen, in a row. */
  readonly misses: number;
  /** The line above the screen. */
  readonly notice: Notice;
  readonly answers: Answers;
  readonly trail: Trail;
  /** Steps in the trail. */
  readonly depth: number;
  /** The payer's number in E.164 with a plus. */
  readonly phone: string;
  /** The network the SIM is on, as the gateway spells it; empty where it does not tell. */
  readonly network: string;
  /** A line of its own above the first screen, such as what became of the last payment. */
  readonly banner?: string;
  /** What was looked up for this screen. */
  readonly data?: ScreenData;
  /** The unfinished session that the payer is asked about. */
  readonly draft?: SessionState;
}

export const NOTICES = ['none', 'wrong', 'unavailable', 'restarted'] as const;
export type Notice = (typeof NOTICES)[number];

export interface ScreenData {
  readonly values: Answers;
  readonly items: readonly ListItem[];
}

/** One line of a list, and what choosing it means. */
export interface ListItem {
  readonly value: string;
  readonly label: string;
}

/**
 * The way that led here, so that "back" restores screens and answers. It is kept as one text, because it is written at every
 * hop and read only when somebody goes back: `␝screen␜+field=what it was before␜-field that was not there`.
 */
export type Trail = string;

const STEP = '\u001d';
const CHANGE = '\u001c';
/** Beyond this the oldest steps are forgotten; "home" still works. */
const LONGEST_TRAIL = 2_000;

/** Adds the step that leaves `screen` and is about to overwrite `changed` in `answers`. */
export function pushTrail(trail: Trail, screen: string, answers: Answers, changed: readonly string[]): Trail {
  let step = STEP + screen;
  for (const field of changed) {
    const before = answers[field];
    step += before === undefined ? `${CHANGE}-${field}` : `${CHANGE}+${field}=${before}`;
  }
  const longer = trail + step;
  return longer.length <= LONGEST_TRAIL ? longer : longer.slice(longer.indexOf(STEP, longer.length - LONGEST_TRAIL));
}

/** Takes the last step off: where it left from and the answers as they were there. */
export function popTrail(
  trail: Trail,
  answers: Answers,
): { readonly screen: string; readonly answers: Answers; readonly trail: Trail } | undefined {
  const start = trail.lastIndexOf(STEP);
  if (start < 0) return undefined;
  const [screen = '', ...changes] = trail.slice(start + 1).split(CHANGE);
  const restored: Record<string, string> = { ...answers };
  for (const change of changes) {
    const equals = change.indexOf('=');
    if (change.startsWith('-')) delete restored[change.slice(1)];
    else restored[change.slice(1, equals)] = change.slice(equals + 1);
  }
  return { screen, answers: restored, trail: trail.slice(0, start) };
}
