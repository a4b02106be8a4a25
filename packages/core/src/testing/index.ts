/** Doubles for unit tests and simulations: `@canza/core/testing`. Nothing here reads a real clock or opens a socket. */

export { type ModelCommit, ModelLedger, type ModelLedgerSettings, type ModelTransaction } from './model-ledger.ts';
export {
  createModelNetwork,
  MODEL_ASSETS,
  type ModelFault,
  type ModelNetwork,
  type ModelNetworkSettings,
  type ModelStage,
} from './model-network.ts';
export { createMortal, createSlow, type Death, type Mortal } from './mortal.ts';
export { createRecordingLogger, type RecordedLine, type RecordingLogger } from './recording-logger.ts';
export {
  createScriptedProvider,
  type ProviderAnswer,
  type ScriptedProvider,
  type ScriptedProviderSettings,
} from './scripted-provider.ts';
export { createScriptedTransport, type ScriptedStep, type ScriptedTransport } from './scripted-transport.ts';
export { createSeededRandom } from './seeded-random.ts';
export { createTurnedClock, type TurnedClock } from './turned-clock.ts';
