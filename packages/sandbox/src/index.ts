/** `@canza/sandbox`: operators' systems offline, with books of their own and faults on demand. */

export * from './airtel-money/index.ts';
export * from './aptos/index.ts';
export { CONTROL_PATH, type Controlled } from './control/control.ts';
export { deliverTo } from './deliver-to.ts';
export type { Delivery } from './deliveries.ts';
export type { EmulatorServer, ServerOptions } from './emulator-server.ts';
export type { Endpoint } from './endpoint.ts';
export type { EventListener, SandboxEvent } from './events.ts';
export { type FasterClockOptions, fasterClock } from './faster-clock.ts';
export {
  CALLBACK_FAULT_KINDS,
  type CallbackFault,
  type CallbackFaultKind,
  CHAIN_FAULT_KINDS,
  type ChainFault,
  type ChainFaultKind,
  createFaultPlan,
  type DrawnFaults,
  type Fault,
  type FaultPlan,
  type PlannedFault,
  REQUEST_FAULT_KINDS,
  REQUEST_STAGES,
  type RequestFault,
  type RequestFaultKind,
  type RequestStage,
} from './faults.ts';
export {
  HANDSET_BEHAVIOURS,
  type HandsetBehaviour,
  type HandsetReaction,
  type HandsetSetting,
  type Handsets,
} from './handset.ts';
export { createHttpDeliver, type HttpDeliver } from './http-deliver.ts';
export { type HttpServer, type HttpServerOptions, startHttpServer } from './http-server.ts';
export type { Ledger, LedgerEntry } from './ledger.ts';
export * from './mpesa/index.ts';
export * from './mtn-momo/index.ts';
export { type EmulatorName, type Sandbox, type SandboxOptions, startSandbox } from './sandbox.ts';
export { createScenario, type Scenario, type ScenarioOptions, type ScenarioPorts } from './scenario.ts';
export * from './vodacom-mpesa/index.ts';
export type { WireOutcome } from './wire.ts';
