/** One thing that is wrong with a menu, told so that its author can find it. */
export interface MenuProblem {
  readonly code: MenuProblemCode;
  /** The screen it was found on; empty for the menu as a whole. */
  readonly screen: string;
  readonly language?: string;
  /** One sentence: what is wrong, and what would be right. */
  readonly detail: string;
}

/** What can be wrong with a menu. */
export type MenuProblemCode =
  /** A transition, a start or a look-up names something that is not there. */
  | 'unknown-name'
  | 'unreachable'
  /** Nothing leads out of it. */
  | 'dead-end'
  /** Whatever is entered, no closing screen is ever reached. */
  | 'endless-loop'
  /** An option or a list uses a key that means something else, or one key twice. */
  | 'key-taken'
  | 'missing-translation'
  /** A page, an option or a prompt does not fit. */
  | 'too-long'
  | 'asks-for-pin'
  /** A payment that no `confirm` screen leads to. */
  | 'unconfirmed-payment'
  /** A screen shows, or a payment needs, a field that is not filled on every way there. */
  | 'unfilled-field';
