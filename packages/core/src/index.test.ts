import { expect, it } from 'vitest';

import * as contracts from './contracts/index.ts';
import * as core from './index.ts';
import * as opentelemetry from './opentelemetry/index.ts';
import * as testing from './testing/index.ts';

/** A name that comes or goes is a change for every user: it is made here too, and on purpose. */
it('@canza/core has these names', () => {
  expect(Object.keys(core).toSorted()).toMatchInlineSnapshot(`
    [
      "AbortedError",
      "AuthenticationError",
      "CURRENCY_CODES",
      "ConfigError",
      "DeadlineError",
      "DueLoop",
      "DuplicateReferenceError",
      "FAILURE_REASONS",
      "IdempotencyConflictError",
      "InvalidCallbackError",
      "InvalidRequestError",
      "InvalidTransitionError",
      "JournalError",
      "NotAcceptingError",
      "NotFoundError",
      "OPERATION_OF",
      "PAYMENT_STATUSES",
      "PaymentError",
      "RateLimitError",
      "RecordBook",
      "RejectedError",
      "RouteClosedError",
      "SETTLEMENT_STATUSES",
      "SafetyWatch",
      "SharedDeadline",
      "StoreError",
      "TransportError",
      "UnexpectedResponseError",
      "UnsupportedError",
      "WITHDRAWN_CURRENCIES",
      "asUuid",
      "attemptReference",
      "canMove",
      "checkFirstVersion",
      "checkJournalEntry",
      "createEvents",
      "createMemoryJournal",
      "createMemoryKeyValueStore",
      "createMemoryRateLimiter",
      "decimalsNeeded",
      "drawCallbackToken",
      "exponentOf",
      "exportJournal",
      "fingerprintOf",
      "fitsDecimals",
      "formatMoney",
      "formatUnits",
      "isCurrencyCode",
      "isFinal",
      "isSettlementFinal",
      "isTransactionFinal",
      "keepRefunds",
      "knownPart",
      "liesWith",
      "maskDigits",
      "maskMsisdn",
      "moneyMovedAt",
      "movePayment",
      "moveSettlement",
      "moveTransaction",
      "parseCurrency",
      "parseMoney",
      "parseMsisdn",
      "parseTransactionId",
      "parseUnits",
      "readOperatorAmount",
      "redactText",
      "refuseUnsupported",
      "restoreCall",
      "runBatch",
      "safeCause",
      "sameMoney",
      "settlementFingerprint",
      "settlementMoneyMovedAt",
      "sha256Hex",
      "silentLogger",
      "sleep",
      "storeCall",
      "systemClock",
      "systemRandom",
      "toOperatorAmount",
      "transactionMoneyMoved",
      "viewPayment",
      "waitAtMost",
      "withDeadline",
    ]
  `);
});

it('@canza/core/contracts has these names', () => {
  expect(Object.keys(contracts).toSorted()).toMatchInlineSnapshot(`
    [
      "PROVIDER_FAULTS",
      "describeJournal",
      "describeKeyValueStore",
      "describeProvider",
      "describeSettlementNetwork",
    ]
  `);
});

it('@canza/core/testing has these names', () => {
  expect(Object.keys(testing).toSorted()).toMatchInlineSnapshot(`
    [
      "MODEL_ASSETS",
      "ModelLedger",
      "createModelNetwork",
      "createMortal",
      "createRecordingLogger",
      "createScriptedProvider",
      "createScriptedTransport",
      "createSeededRandom",
      "createSlow",
      "createTurnedClock",
    ]
  `);
});

it('@canza/core/opentelemetry has these names', () => {
  expect(Object.keys(opentelemetry).toSorted()).toEqual([
    'ATTRIBUTES',
    'METRICS',
    'createTelemetry',
    'traceIdOf',
    'traceIdOfSettlement',
    'traceIdOfTransaction',
  ]);
});
