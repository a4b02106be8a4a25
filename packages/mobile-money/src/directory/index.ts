/** `@canza/mobile-money/directory`: who holds wallets where. Data and pure functions; loads no HTTP client. */

export { COUNTRIES, type Country, type DirectoryCountry, findCountry } from './countries.ts';
export type { OperatorEvidence } from './evidence.ts';
export { type Limits, limitsOf } from './limits.ts';
export {
  brandOf,
  findOperator,
  isOperatorId,
  OPERATOR_IDS,
  OPERATORS,
  type Operator,
  type OperatorId,
  type OperatorName,
  operatorId,
  operatorsOf,
} from './operators.ts';
export { PAYER_LANGUAGES, type PayerLanguage, payerLanguage } from './payer/language.ts';
export {
  type PromptFacts,
  type PromptQuestion,
  type PromptRescue,
  promptFactsOf,
  rescuePrompt,
} from './payer/prompt-rescue.ts';
export { failureSentence, type SentenceContext } from './payer/sentences.ts';
export { moneyForPayer } from './payer/wording.ts';
export { findRange, listRanges, type RangeHolder } from './ranges.ts';
export {
  type AccountAnswer,
  type KnownNumber,
  type OperatorResolution,
  type PastSuccess,
  type RankedOperator,
  type ResolveRequest,
  rangesWarning,
  resolveOperator,
} from './resolve.ts';
