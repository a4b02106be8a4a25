/** `@canza/mobile-money/directory`: who holds wallets where. Data and pure functions; loads no HTTP client. */

export {
  brandOf,
  findOperator,
  isOperatorId,
  OPERATOR_IDS,
  OPERATORS,
  type Operator,
  type OperatorCountry,
  type OperatorId,
  type OperatorName,
  operatorId,
  operatorsOf,
} from './operators.ts';
