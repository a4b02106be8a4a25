/** `@canza/mobile-money/ussd`: menus as data, a pure step, sessions, gateways. Loads no HTTP client and no Redis client. */

export { describeMenu, type MenuDescription } from './checks/describe-menu.ts';
export type { ScreenReport } from './checks/pages.ts';
export type { MenuProblem, MenuProblemCode } from './checks/problem.ts';
export { type CompiledMenu, compileMenu } from './compile.ts';
export { defineFlow, type Flow, placeFlow } from './flow.ts';
export {
  type AmountInputOptions,
  amountInput,
  digitsInput,
  msisdnInput,
  type TextInputOptions,
  textInput,
} from './inputs.ts';
export {
  begin,
  type Dialled,
  type Effect,
  type EndStep,
  type LoadedData,
  type LoadStep,
  offerResume,
  type ScreenStep,
  type Step,
  step,
  supply,
} from './machine.ts';
export {
  type Branch,
  type ChoiceScreen,
  type ConfirmScreen,
  type DataSpec,
  defineMenu,
  type EndScreen,
  type FieldSpec,
  type InputSchema,
  type InputScreen,
  type ListScreen,
  type Menu,
  type Option,
  type PaymentTemplate,
  type Phrases,
  type ReservedKeys,
  type Screen,
  type Target,
  type Texts,
} from './menu.ts';
export { PHRASES } from './phrases.ts';
export type { Answers, ListItem, SessionState } from './state.ts';
export { SCREEN_LIMITS, type ScreenCost, type ScreenLimit, screenCost, transliterate } from './text/gsm7.ts';
