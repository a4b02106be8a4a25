import type { CallOptions, Finding, HttpRequest, HttpResponse, SubmitFinding } from '@canza/core';

import { type BillPaymentRequest, buildBillPayment, buildBillPaymentStatus } from './bill-payment.ts';
import type { SendCall } from './calls.ts';
import { buildCashTransfer, buildCashTransferStatus, type CashTransferRequest } from './cash-transfer.ts';
import type { MtnMomoConfig, Product, ProductCredentials } from './config.ts';
import {
  buildConsentRequest,
  buildConsentToken,
  buildUserInfo,
  type ConsentAsked,
  type ConsentedClaims,
  type ConsentGrant,
  type ConsentRequest,
  type ConsentToken,
  parseConsentAsked,
  parseConsentToken,
  parseUserInfo,
} from './consent.ts';
import {
  buildDeliveryNotification,
  type DeliveryNotification,
  type DeliveryOutcome,
  parseDeliveryNotification,
} from './delivery-notification.ts';
import {
  buildInvoice,
  buildInvoiceCancel,
  buildInvoiceStatus,
  type Invoice,
  type InvoiceCancellation,
  type InvoiceRequest,
  parseInvoice,
  parseInvoiceCancelled,
  parseInvoiceCreated,
} from './invoice.ts';
import { parseAccepted, parsePaymentStatus } from './payments/responses.ts';
import {
  buildPreApproval,
  buildPreApprovalCancel,
  buildPreApprovalList,
  buildPreApprovalStatus,
  type PreApproval,
  type PreApprovalRequest,
  parsePreApproval,
  parsePreApprovalAsked,
  parsePreApprovalCancelled,
  parsePreApprovalList,
  type StandingApproval,
} from './preapproval.ts';
import type { Side } from './status.ts';
import { type BasicUserInfo, buildBasicUserInfo, parseBasicUserInfo } from './wallet.ts';

/**
 * What MTN offers beyond the provider port. Nothing here is kept in a journal: what moves money takes the caller's own reference,
 * which has to be stored before the call, and answers with a finding, as the port does.
 *
 * Every method throws UnsupportedError when its product is not configured, InvalidRequestError naming a field that is not usable,
 * and otherwise what its parser says.
 */
export interface MtnMomoExtras {
  readonly preApprovals: {
    /** Asks a customer for a standing approval; asking again under the same reference asks nothing new. */
    ask(request: PreApprovalRequest, options?: CallOptions): Promise<void>;
    read(reference: string, options?: CallOptions): Promise<PreApproval | undefined>;
    list(msisdn: string, options?: CallOptions): Promise<readonly StandingApproval[]>;
    cancel(preApprovalId: string, options?: CallOptions): Promise<void>;
  };
  readonly invoices: {
    create(request: InvoiceRequest, options?: CallOptions): Promise<void>;
    read(reference: string, options?: CallOptions): Promise<Invoice | undefined>;
    cancel(cancellation: InvoiceCancellation, options?: CallOptions): Promise<void>;
  };
  readonly billPayments: {
    pay(request: BillPaymentRequest, options?: CallOptions): Promise<SubmitFinding>;
    read(reference: string, options?: CallOptions): Promise<Finding>;
  };
  readonly cashTransfers: {
    send(request: CashTransferRequest, options?: CallOptions): Promise<SubmitFinding>;
    read(reference: string, options?: CallOptions): Promise<Finding>;
  };
  readonly consents: {
    ask(product: Product, request: ConsentRequest, options?: CallOptions): Promise<ConsentAsked>;
    token(product: Product, grant: ConsentGrant, options?: CallOptions): Promise<ConsentToken>;
    userInfo(product: Product, accessToken: string, options?: CallOptions): Promise<ConsentedClaims>;
  };
  /** What is known of a wallet's holder; `undefined` where there is none. */
  basicUserInfo(msisdn: string, options?: CallOptions): Promise<BasicUserInfo | undefined>;
  /** Sends one more message to a customer whose request to pay has succeeded. Moves no money. */
  notifyPayer(notification: DeliveryNotification, options?: CallOptions): Promise<DeliveryOutcome>;
}

/** How the extras reach MTN. */
export interface ExtrasDependencies {
  readonly config: MtnMomoConfig;
  /** With the product's own token. */
  readonly send: SendCall;
  /** Without it: these calls bring an authorization of their own. */
  readonly sendBare: (request: HttpRequest, options?: CallOptions) => Promise<HttpResponse>;
  /** @throws UnsupportedError when the product is not configured. */
  readonly credentialsOf: (product: Product) => ProductCredentials;
  /** The product through which wallets are asked about. */
  readonly lookupProduct: Product;
}

const askedFor = (side: Side, reference: string) => ({ side, reference, wasAccepted: false });

export function createExtras({
  config,
  send,
  sendBare,
  credentialsOf,
  lookupProduct,
}: ExtrasDependencies): MtnMomoExtras {
  const { name } = config;
  return {
    preApprovals: {
      ask: async (request, options) =>
        parsePreApprovalAsked(await send('collection', buildPreApproval(config, request), options), name),
      read: async (reference, options) =>
        parsePreApproval(await send('collection', buildPreApprovalStatus(config, reference), options), name),
      list: async (msisdn, options) =>
        parsePreApprovalList(await send('collection', buildPreApprovalList(config, msisdn), options), name),
      cancel: async (preApprovalId, options) =>
        parsePreApprovalCancelled(
          await send('collection', buildPreApprovalCancel(config, preApprovalId), options),
          name,
        ),
    },
    invoices: {
      create: async (request, options) =>
        parseInvoiceCreated(await send('collection', buildInvoice(config, request), options), name),
      read: async (reference, options) =>
        parseInvoice(await send('collection', buildInvoiceStatus(config, reference), options), name),
      cancel: async (cancellation, options) =>
        parseInvoiceCancelled(await send('collection', buildInvoiceCancel(config, cancellation), options), name),
    },
    billPayments: {
      pay: async (request, options) => {
        const response = await send('collection', buildBillPayment(config, request), options);
        return parseAccepted(response, request.reference, name);
      },
      read: async (reference, options) => {
        const response = await send('collection', buildBillPaymentStatus(config, reference), options);
        return parsePaymentStatus(response, askedFor('they-pay', reference), name);
      },
    },
    cashTransfers: {
      send: async (request, options) => {
        const response = await send('remittance', buildCashTransfer(config, request), options);
        return parseAccepted(response, request.reference, name);
      },
      read: async (reference, options) => {
        const response = await send('remittance', buildCashTransferStatus(config, reference), options);
        return parsePaymentStatus(response, askedFor('we-pay', reference), name);
      },
    },
    consents: {
      ask: async (product, request, options) =>
        parseConsentAsked(await send(product, buildConsentRequest(config, product, request), options), name),
      token: async (product, grant, options) => {
        const request = buildConsentToken(config, product, credentialsOf(product), grant);
        return parseConsentToken(await sendBare(request, options), name);
      },
      userInfo: async (product, accessToken, options) =>
        parseUserInfo(await sendBare(buildUserInfo(config, product, accessToken), options), name),
    },
    basicUserInfo: async (msisdn, options) =>
      parseBasicUserInfo(await send(lookupProduct, buildBasicUserInfo(config, lookupProduct, msisdn), options), name),
    notifyPayer: async (notification, options) =>
      parseDeliveryNotification(
        await send('collection', buildDeliveryNotification(config, notification), options),
        name,
      ),
  };
}
