/** The session suite, for any key-value store, and what it is made of: `@canza/mobile-money/ussd/testing`. */

export { type CrowdOptions, type CrowdResult, runCrowd, type Talker } from './crowd.ts';
export { createRecordingBridge, type RecordingBridge } from './recording-bridge.ts';
export { sendMoneyMenu } from './send-money-menu.ts';
export { describeUssdSessions, type UssdSessionsHarness } from './sessions-suite.ts';
export { type CountingStore, countCalls, withPrefix } from './stores.ts';
