/** `@canza/sandbox/ussd`: a phone with a gateway in front of any USSD application, and sessions kept as transcripts. */

export {
  createUssdPhone,
  PHONE_FAULTS,
  type PhoneFault,
  type PhoneScreen,
  type UssdPhone,
  type UssdPhoneOptions,
} from './phone.ts';
export { HANDSET_USAGE, type HandsetTerminal, runHandset } from './run-handset.ts';
export {
  expectTranscript,
  parseTranscript,
  playTranscript,
  type TranscriptDifference,
  type TranscriptStep,
  writeScreen,
} from './transcript.ts';
export { WIRE_NAMES, type WireName } from './wires.ts';
