import type { QueryRequest, Route, SubmitRequest } from '@canza/core';

import type { MpesaSettings } from '../src/mpesa/config.ts';

/** The sandbox's public credentials. Source: docs/providers/mpesa.md#sandbox */
export const SANDBOX: MpesaSettings = {
  environment: 'sandbox',
  consumerKey: 'consumer-key-of-the-test',
  consumerSecret: 'consumer-secret-of-the-test',
  shortcode: '174379',
  passkey: 'bfb279f9aa9bdbcf158e97dd71a467cd2e0c893059b10f78e6b72ada1ed2c919',
};

export const REFERENCE = '0123456789abcdef0123456789abcdef';

export const shillings = (whole: bigint) => ({ currency: 'KES', amountMinor: whole * 100n }) as const;

/** A collection of KES 1 from the handset of Daraja's own sample. */
export const collection = (route: Route, overrides: Partial<SubmitRequest> = {}): SubmitRequest => ({
  route,
  reference: REFERENCE,
  money: shillings(1n),
  msisdn: '254722111111',
  callbackUrl: 'https://mydomain.com/path',
  ...overrides,
});

/** The question about it. */
export const questionOf = (request: SubmitRequest, overrides: Partial<QueryRequest> = {}): QueryRequest => {
  const { route, reference, money, msisdn, callbackUrl } = request;
  return { route, reference, money, msisdn, callbackUrl, references: {}, sentAtMs: 0, ...overrides };
};

/** An API operator whose credential nobody can read. */
export const SECURITY_CREDENTIAL = `${'A'.repeat(342)}==`;

/** The same short code, set up to pay out and to give back as well. */
export const WITH_INITIATOR: MpesaSettings = {
  ...SANDBOX,
  initiator: { name: 'testapi', securityCredential: SECURITY_CREDENTIAL },
  payouts: 'BusinessPayment',
};
