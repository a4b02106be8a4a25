/** MTN MoMo over its Open API: `@canza/mobile-money/mtn-momo`. */

export type { BillPaymentRequest } from './bill-payment.ts';
export type { CashSender, CashTransferRequest, IdentificationType } from './cash-transfer.ts';
export type { CollectionResource, MtnMomoSettings, PayoutResource, Product, ProductCredentials } from './config.ts';
export type { ConsentAsked, ConsentedClaims, ConsentGrant, ConsentRequest, ConsentToken } from './consent.ts';
export type { DeliveryNotification, DeliveryOutcome } from './delivery-notification.ts';
export type { MtnMomoExtras } from './extras.ts';
export type { Invoice, InvoiceCancellation, InvoiceRequest } from './invoice.ts';
export { TARGET_ENVIRONMENTS, type TargetEnvironment } from './markets.ts';
export { parsePaymentCallback } from './payments/callbacks.ts';
export type { PreApproval, PreApprovalRequest, StandingApproval } from './preapproval.ts';
export { type MtnMomoProvider, mtnMomo } from './provider.ts';
export { provisionSandboxUser, type SandboxUser, type SandboxUserSettings } from './provisioning.ts';
export type { BasicUserInfo } from './wallet.ts';
