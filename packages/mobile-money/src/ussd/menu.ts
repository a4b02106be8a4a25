/**
 * A menu as data. Four names run through all types, so that a slip is a type error where it stands:
 * `N` the screens, `L` the languages, `F` the fields (what a payer enters or a screen shows), `D` the data that is looked up.
 */

/** One text for each language. */
export type Texts<L extends string> = Readonly<Record<L, string>>;

/** Where a screen leads: a screen, or one of several by the value of a field. */
export type Target<N extends string, F extends string> = N | Branch<N, F>;

/** The next screen, by what a field holds. */
export interface Branch<N extends string, F extends string> {
  readonly by: F;
  readonly cases: Readonly<Record<string, N>>;
  readonly otherwise: N;
}

interface ScreenBase<L extends string, D extends string> {
  /** `{amount}` shows the field `amount`; `{phone}` the payer's number. */
  readonly text: Texts<L>;
  /** What to look up before this screen is shown. */
  readonly load?: D;
  /** Whether the key "back" works here. Default true; on the first screen it never does. */
  readonly back?: boolean;
  /** Whether the key "home" works here. Default true. */
  readonly home?: boolean;
  /**
   * Whether `*384*1*2#` may answer this screen before it was shown. Default true; a `confirm` screen can never be answered
   * that way, because such an address can be printed on a poster by anybody.
   */
  readonly deepLink?: boolean;
}

/** What a payer picks by its key. */
export interface Option<N extends string, L extends string, F extends string> {
  /** Default: its place, from 1. */
  readonly key?: string;
  readonly label: Texts<L>;
  readonly to: Target<N, F>;
  /** Fields that this choice fills. */
  readonly set?: Readonly<Partial<Record<F, string>>>;
  /** Changes the payer's language, now and for later sessions. */
  readonly language?: L;
  /** Network codes, as the gateway spells them, on which alone the option is offered. */
  readonly networks?: readonly string[];
}

/** A screen with options. */
export interface ChoiceScreen<N extends string, L extends string, F extends string, D extends string>
  extends ScreenBase<L, D> {
  readonly kind: 'choice';
  readonly options: readonly Option<N, L, F>[];
}

/** Asks for one entry. It has to fit on one page, because keys for paging would be taken for entries. */
export interface InputScreen<N extends string, L extends string, F extends string, D extends string>
  extends ScreenBase<L, D> {
  readonly kind: 'input';
  readonly field: F;
  readonly input: InputSchema;
  /** One line above the screen after a wrong entry; a general one stands in. */
  readonly wrong?: Texts<L>;
  readonly to: Target<N, F>;
}

/** Choices computed from data: what `load` brings as items. */
export interface ListScreen<N extends string, L extends string, F extends string, D extends string>
  extends ScreenBase<L, D> {
  readonly kind: 'list';
  readonly load: D;
  /** Takes the value of the item that was picked. */
  readonly field: F;
  /** Takes its label. */
  readonly labelField?: F;
  readonly to: Target<N, F>;
  /** Where to go when there is nothing to choose from. */
  readonly empty: N;
}

/** The last look before something is done. */
export interface ConfirmScreen<N extends string, L extends string, F extends string, D extends string>
  extends ScreenBase<L, D> {
  readonly kind: 'confirm';
  readonly yes: Target<N, F>;
  readonly no: N;
}

/** Closes the session; what is to be paid starts after it. */
export interface EndScreen<L extends string, D extends string> extends ScreenBase<L, D> {
  readonly kind: 'end';
  readonly pay?: PaymentTemplate;
}

/** A payment with `{field}` where values go. */
export interface PaymentTemplate {
  readonly type: 'collection' | 'disbursement';
  /** Decimal string. */
  readonly amount: string;
  readonly currency: string;
  /** Whose wallet: `{phone}` is the payer's own. */
  readonly phoneNumber: string;
  readonly description: string;
  /** The account or invoice, as the payer sees it. */
  readonly accountReference?: string;
  /** What it is for, in a word of yours: `send-money`. Told to `onConfirmed`. */
  readonly purpose?: string;
}

/** One screen of a menu: N names screens, L languages, F fields, D data. */
export type Screen<N extends string, L extends string, F extends string, D extends string> =
  | ChoiceScreen<N, L, F, D>
  | InputScreen<N, L, F, D>
  | ListScreen<N, L, F, D>
  | ConfirmScreen<N, L, F, D>
  | EndScreen<L, D>;

/** A zod schema that yields text, or anything of that shape. Money stays text: a number would be rounded. */
export interface InputSchema {
  safeParse(value: string): { readonly success: true; readonly data: string } | { readonly success: false };
}

/** Something that a payer enters, or that is looked up, and that a screen may show. */
export interface FieldSpec {
  /** Units (septets, or characters in UCS-2) at most; what is longer is cut where it is shown. */
  readonly longest: number;
}

/** What a look-up brings: values to show, items to choose from. */
export interface DataSpec<F extends string> {
  readonly values?: readonly F[];
  readonly items?: boolean;
}

/** Keys with a meaning on every screen; `null` turns one off. */
export interface ReservedKeys {
  /** Default `0`. */
  readonly back: string | null;
  /** Default `00`. */
  readonly home: string | null;
  /** Default `98`. */
  readonly more: string;
}

/** What the machine itself says. */
export interface Phrases {
  readonly back: string;
  readonly home: string;
  readonly more: string;
  readonly yes: string;
  readonly no: string;
  /** Above a screen, after an entry that does not fit. */
  readonly wrong: string;
  /** Above a screen, when a look-up failed. */
  readonly unavailable: string;
  /** Above the first screen, when what was there before is lost. */
  readonly restarted: string;
  /** These close the session. */
  readonly tooManyWrong: string;
  readonly notUnderstood: string;
  readonly expired: string;
  readonly over: string;
  readonly busy: string;
  readonly failed: string;
  /** Whether the payment was taken on is not known: dial again before paying again. */
  readonly unclear: string;
  readonly resumeQuestion: string;
  readonly resumeYes: string;
  readonly resumeNo: string;
}

/** A menu as data; `defineMenu` checks its names. */
export interface Menu<N extends string, L extends string, F extends string = never, D extends string = never> {
  /** Names the menu in logs and records. */
  readonly name: string;
  /** The first is spoken until the payer chooses. */
  readonly languages: readonly [L, ...L[]];
  readonly start: NoInfer<N>;
  readonly fields?: { readonly [K in F]: FieldSpec };
  readonly data?: { readonly [K in D]: DataSpec<NoInfer<F>> };
  readonly screens: { readonly [K in N]: Screen<NoInfer<N>, NoInfer<L>, NoInfer<F>, NoInfer<D>> };
  readonly keys?: Partial<ReservedKeys>;
  /** Other words for what the machine says; all of them for a language that we do not speak. */
  readonly phrases?: { readonly [K in NoInfer<L>]?: Partial<Phrases> };
  /** Whether to write `e` for `ê` where that saves a screen from UCS-2. Default true. */
  readonly transliterate?: boolean;
}

/** Any menu, with its names forgotten: what the machine works on. */
export type AnyMenu<D extends string = string> = Menu<string, string, string, D>;
export type AnyScreen = Screen<string, string, string, string>;

/** Gives a menu its types: a transition to a screen that does not exist, or a language left out, does not compile. */
export const defineMenu = <
  const N extends string,
  const L extends string,
  const F extends string = never,
  const D extends string = never,
>(
  menu: Menu<N, L, F, D>,
): Menu<N, L, F, D> => menu;

export const DEFAULT_KEYS: ReservedKeys = { back: '0', home: '00', more: '98' };

/** The screens that a target can lead to. */
export const targetsOf = (target: Target<string, string>): readonly string[] =>
  typeof target === 'string' ? [target] : [...Object.values(target.cases), target.otherwise];

/** Everything a screen can lead to by what a payer enters; back and home are not counted. */
export function exitsOf(screen: AnyScreen): readonly string[] {
  switch (screen.kind) {
    case 'choice':
      return screen.options.flatMap((option) => targetsOf(option.to));
    case 'input':
      return targetsOf(screen.to);
    case 'list':
      return [...targetsOf(screen.to), screen.empty];
    case 'confirm':
      return [...targetsOf(screen.yes), screen.no];
    case 'end':
      break;
  }
  return [];
}
