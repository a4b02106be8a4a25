/** M-Pesa in Kenya over Daraja: `@canza/mobile-money/mpesa`. */

export type { MpesaSettings } from './config.ts';
export { mpesa } from './provider.ts';
export { parseStkCallback } from './stk/callbacks.ts';
