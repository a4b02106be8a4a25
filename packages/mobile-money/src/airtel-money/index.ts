/** Airtel Money over Airtel Africa's Open API: `@canza/mobile-money/airtel-money`. */

export { parsePaymentCallback } from './callbacks/callbacks.ts';
export type { AirtelMoneySettings, PayoutApi, PayoutSettings, RemittanceSettings } from './config.ts';
export type { EncryptionKey } from './encryption/keys.ts';
export type { OaepHash, Padding } from './encryption/padding.ts';
export { AIRTEL_COUNTRIES, type AirtelCountry } from './markets.ts';
export { type AirtelMoneyExtras, type AirtelMoneyProvider, airtelMoney } from './provider.ts';
export type { RemittanceCheck } from './remittance/requests.ts';
export type { RemittanceReceiver } from './remittance/responses.ts';
