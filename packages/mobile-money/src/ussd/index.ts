/** `@canza/mobile-money/ussd`: menus as data, a pure step, sessions, gateways. Loads no HTTP client and no Redis client. */

export { describeMenu, type MenuDescription } from './checks/describe-menu.ts';
export type { ScreenReport } from './checks/pages.ts';
export type { MenuProblem, MenuProblemCode } from './checks/problem.ts';
export { type CompiledMenu, compileMenu } from './compile.ts';
export type { UssdReply } from './conversation.ts';
export { type OutcomeKind, outcomeMessage, outcomeOf } from './effects/outcome-texts.ts';
export type { ConfirmedOrder, SmsSender } from './effects/payment-runner.ts';
export type { PaymentRequest, PaymentStarter, RecentPayment } from './effects/payments.ts';
export { defineFlow, type Flow, placeFlow } from './flow.ts';
export { africasTalking } from './gateways/africas-talking.ts';
export { type ArkeselSettings, arkesel } from './gateways/arkesel.ts';
export type { AuthenticitySettings } from './gateways/authenticity.ts';
export type { EndNotice, Gateway, GatewayAnswer, GatewayRequest, Incoming } from './gateways/gateway.ts';
export {
  type FieldNames,
  type GenericAccumulatedSettings,
  type GenericLastSettings,
  genericAccumulated,
  genericLast,
} from './gateways/generic.ts';
export { hubtel } from './gateways/hubtel.ts';
export { type InfobipSettings, infobip } from './gateways/infobip.ts';
export { type NaloSettings, nalo } from './gateways/nalo.ts';
export type { GatewaySettings } from './gateways/settings.ts';
export {
  type Connection,
  createUssdHandler,
  USSDProtocolHandler,
  type UssdRequest,
} from './handler.ts';
export type { UssdHandlerOptions } from './handler-options.ts';
export type { Hop } from './hop.ts';
export {
  type AmountInputOptions,
  amountInput,
  digitsInput,
  msisdnInput,
  type TextInputOptions,
  textInput,
} from './inputs.ts';
export type { LoadedData } from './loaded-data.ts';
export type { Loader, LoaderContext } from './lookups.ts';
export { begin, offerResume, step, supply } from './machine.ts';
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
export { lastPayments, type ReadyMenu, type ReadyMenuOptions, readyMenu } from './menus/ready-menu.ts';
export type { ReadyLanguage } from './menus/ready-texts.ts';
export { PHRASES } from './phrases.ts';
export { createMemorySessions, type MemorySessionsOptions } from './sessions/memory-sessions.ts';
export type { KeptSession, SessionStore, WriteOutcome } from './sessions/session-store.ts';
export type { Answers, ListItem, SessionState } from './state.ts';
export type { Dialled, Effect, EndStep, LoadStep, ScreenStep, Step } from './steps.ts';
export { SCREEN_LIMITS, type ScreenCost, type ScreenLimit, screenCost, transliterate } from './text/gsm7.ts';
export type { RefusalReason, SessionTimes } from './turn.ts';
