/** M-Pesa of Vodacom in Tanzania, Mozambique, DR Congo and Lesotho: `@canza/mobile-money/vodacom-mpesa`. */

export type { OpenApiOperation, VodacomMpesaSettings } from './config.ts';
export type { MarketCode } from './markets.ts';
export { type VodacomMpesaProvider, vodacomMpesa } from './provider.ts';
export type { BusinessPayment } from './requests.ts';
