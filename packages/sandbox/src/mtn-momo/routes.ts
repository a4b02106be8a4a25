import type { HttpResponse } from '@canza/core';

import type { Call, Route } from '../router.ts';
import { headerOf, readJsonFields, textReply } from '../wire.ts';
import { type ApiUsers, productOfKey } from './api-users.ts';
import { badRequest, walletError, wrongSubscriptionKey } from './error-replies.ts';
import type { Gate } from './gate.ts';
import type { PaymentDesk } from './payments/desk.ts';
import { PAYMENT_KINDS, type PaymentKind, type Version } from './payments/kinds.ts';
import type { PreApprovalDesk } from './preapprovals.ts';
import { type MomoCredentials, type MomoEnvironment, PRODUCTS, type Product } from './settings.ts';
import type { MomoTokens } from './tokens.ts';
import type { WalletDesk } from './wallet.ts';

export interface RoutesOptions {
  readonly gate: Gate;
  readonly credentials: Readonly<Record<Product, MomoCredentials>>;
  readonly environment: MomoEnvironment;
  readonly users: ApiUsers;
  readonly tokens: MomoTokens;
  readonly payments: PaymentDesk;
  readonly preApprovals: PreApprovalDesk;
  readonly wallet: WalletDesk;
}

/** Every address of the Open API that the emulator answers. Source: docs/providers/mtn-momo.md#payments */
export const createRoutes = (options: RoutesOptions): readonly Route[] => [
  ...(options.environment.targetEnvironment === 'sandbox' ? provisioningRoutes(options.users) : []),
  ...PRODUCTS.map((product) => tokenRoute(product, options)),
  ...PAYMENT_KINDS.flatMap((kind) => paymentRoutes(kind, options)),
  ...PRODUCTS.flatMap((product) => walletRoutes(product, options)),
  ...preApprovalRoutes(options),
  deliveryNotificationRoute(options),
];

/** In production both are made in the partner portal. */
const provisioningRoutes = (users: ApiUsers): readonly Route[] => [
  { method: 'POST', path: '/v1_0/apiuser', stage: 'setup', operation: 'api-user', handle: users.create },
  {
    method: 'POST',
    path: '/v1_0/apiuser/{apiUser}/apikey',
    stage: 'setup',
    operation: 'api-key',
    handle: users.createKey,
  },
  { method: 'GET', path: '/v1_0/apiuser/{apiUser}', stage: 'setup', operation: 'api-user', handle: users.show },
];

const tokenRoute = (product: Product, { credentials, tokens }: RoutesOptions): Route => ({
  method: 'POST',
  path: `/${product}/token/`,
  stage: 'token',
  operation: 'token',
  handle: ({ request, url }) => {
    const key = productOfKey(request, url, credentials);
    if ('refusal' in key) return key.refusal;
    return key.product === product ? tokens.issue(product, request) : wrongSubscriptionKey();
  },
});

const paymentRoutes = (kind: PaymentKind, { gate, payments }: RoutesOptions): readonly Route[] => [
  ...(Object.keys(kind.versions) as Version[]).map((version) =>
    gate({
      method: 'POST',
      product: kind.product,
      path: `/${version}/${kind.resource}`,
      stage: 'submit',
      operation: kind.operation,
      answer: ({ request }, user) => payments.accept(kind, version, request, user),
    }),
  ),
  gate({
    method: 'GET',
    product: kind.product,
    path: `/${kind.queriedAt}/${kind.resource}/{referenceId}`,
    stage: 'query',
    operation: `${kind.operation}-status`,
    answer: ({ params }) => payments.query(kind, params['referenceId'] ?? ''),
  }),
];

function walletRoutes(product: Product, { gate, wallet }: RoutesOptions): readonly Route[] {
  const ask = (path: string, operation: string, answer: (call: Call) => HttpResponse): Route =>
    gate({ method: 'GET', product, path, stage: 'query', operation, answer });
  const holder = '/v1_0/accountholder/{type}/{id}';
  return [
    ask('/v1_0/account/balance', 'balance', () => wallet.balance()),
    ask('/v1_0/account/balance/{currency}', 'balance', ({ params }) => wallet.balance(params['currency'])),
    ask(`${holder}/active`, 'account-active', ({ params }) =>
      wallet.isActive(params['type'] ?? '', params['id'] ?? ''),
    ),
    ask(`${holder}/basicuserinfo`, 'basic-user-info', ({ params }) =>
      wallet.basicUserInfo(params['type'] ?? '', params['id'] ?? ''),
    ),
  ];
}

const preApprovalRoutes = ({ gate, preApprovals }: RoutesOptions): readonly Route[] => [
  gate({
    method: 'POST',
    product: 'collection',
    path: '/v2_0/preapproval',
    stage: 'submit',
    operation: 'preapproval',
    answer: ({ request }, user) => preApprovals.ask(request, user),
  }),
  gate({
    method: 'GET',
    product: 'collection',
    path: '/v2_0/preapproval/{referenceId}',
    stage: 'query',
    operation: 'preapproval-status',
    answer: ({ params }) => preApprovals.query(params['referenceId'] ?? ''),
  }),
  gate({
    method: 'GET',
    product: 'collection',
    path: '/v1_0/preapprovals/{type}/{id}',
    stage: 'query',
    operation: 'preapprovals',
    answer: ({ params }) => preApprovals.list(params['type'] ?? '', params['id'] ?? ''),
  }),
  gate({
    method: 'DELETE',
    product: 'collection',
    path: '/v1_0/preapproval/{preApprovalId}',
    stage: 'setup',
    operation: 'preapproval-cancel',
    answer: ({ params }) => preApprovals.cancel(params['preApprovalId'] ?? ''),
  }),
];

const LONGEST_NOTIFICATION = 160;

/** One more message to a payer who has paid; moves no money. */
const deliveryNotificationRoute = ({ gate, payments }: RoutesOptions): Route =>
  gate({
    method: 'POST',
    product: 'collection',
    path: '/v1_0/requesttopay/{referenceId}/deliverynotification',
    stage: 'setup',
    operation: 'delivery-notification',
    answer: ({ request, params }) => {
      const text = readJsonFields(request.body)?.['notificationMessage'];
      const isRepeated = typeof text === 'string' && headerOf(request, 'notificationmessage') === text;
      if (!isRepeated || text === '' || text.length > LONGEST_NOTIFICATION) return badRequest();
      const payment = payments.find('request-to-pay', params['referenceId'] ?? '');
      if (payment === undefined) return walletError('RESOURCE_NOT_FOUND');
      return textReply(payment.end?.status === 'SUCCESSFUL' ? 200 : 409, '', 'text/plain');
    },
  });
