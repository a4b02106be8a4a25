import type { Route } from '../router.ts';
import type { AccountDesk } from './desks/accounts.ts';
import { readCollection } from './desks/collection-request.ts';
import type { CollectionDesk } from './desks/collections.ts';
import { type DisbursementVersion, readCashIn, readDisbursement } from './desks/payout-request.ts';
import type { PayoutDesk } from './desks/payouts.ts';
import { type RefundDesk, readRefund } from './desks/refunds.ts';
import type { RemittanceDesk } from './desks/remittances.ts';
import type { Enquire } from './enquiry.ts';
import type { CheckContext } from './fields.ts';
import type { Gate, Guards } from './gate.ts';
import type { CheckPin } from './pin.ts';
import { type Family, refuse } from './replies.ts';
import type { AirtelTokens } from './tokens.ts';

export interface RoutesOptions {
  readonly gate: Gate;
  readonly tokens: AirtelTokens;
  readonly context: CheckContext;
  readonly checkPin: CheckPin;
  readonly enquire: Enquire;
  readonly collections: CollectionDesk;
  readonly payouts: PayoutDesk;
  readonly refunds: RefundDesk;
  readonly remittances: RemittanceDesk;
  readonly accounts: AccountDesk;
}

const VERSIONS = ['v1', 'v2'] as const;

/** Where a signature that does not fit is refused, and by which code. */
const signed = (family: Family, digits: string): Pick<Guards, 'signed'> => ({
  signed: () => refuse(family, digits, { message: 'Signature mismatch' }),
});

/** The version decides by which code; the first version has no signatures. */
const SIGNED_DISBURSEMENT: Readonly<Record<DisbursementVersion, Pick<Guards, 'signed'>>> = {
  v1: {},
  v2: signed('disbursement', '1016'),
  v3: signed('disbursement', '1018'),
};

/** Every address of Airtel's API that the emulator answers. Source: docs/sandbox/airtel-money.md#addresses */
export function createRoutes(options: RoutesOptions): readonly Route[] {
  return [
    { method: 'POST', path: '/auth/oauth2/token', stage: 'token', operation: 'token', handle: options.tokens.issue },
    ...collectionRoutes(options),
    ...payoutRoutes(options),
    ...remittanceRoutes(options),
    ...accountRoutes(options),
  ];
}

const collectionRoutes = ({ gate, context, collections, refunds, enquire }: RoutesOptions): readonly Route[] =>
  VERSIONS.flatMap((version): readonly Route[] => {
    const guards: Guards = { headers: 'collection', ...(version === 'v1' ? {} : signed('collection', '1026')) };
    return [
      {
        method: 'POST',
        path: `/merchant/${version}/payments/`,
        stage: 'submit',
        operation: 'collection',
        handle: gate.post(
          guards,
          (fields) => readCollection(fields, context),
          (payment, { request }) => collections.push(payment, request),
        ),
      },
      {
        method: 'POST',
        path: `/standard/${version}/payments/refund`,
        stage: 'submit',
        operation: 'refund',
        handle: gate.post(guards, readRefund, (airtelMoneyId) => refunds.give(airtelMoneyId)),
      },
      {
        method: 'GET',
        path: `/standard/${version}/payments/{id}`,
        stage: 'query',
        operation: 'collection-enquiry',
        handle: gate.get({ headers: 'collection' }, ({ params }) => enquire('collection', params['id'] ?? '')),
      },
    ];
  });

const payoutRoutes = ({ gate, context, checkPin, payouts, enquire }: RoutesOptions): readonly Route[] => [
  ...(['v1', 'v2', 'v3'] as const).flatMap((version): readonly Route[] => [
    {
      method: 'POST',
      path: `/standard/${version}/disbursements/`,
      stage: 'submit',
      operation: 'disbursement',
      handle: gate.post(
        { headers: 'disbursement', ...SIGNED_DISBURSEMENT[version] },
        (fields) => readDisbursement(version, fields, context, checkPin),
        (order, { request }) => payouts.pay(order, request),
      ),
    },
    {
      method: 'GET',
      path: `/standard/${version}/disbursements/{id}`,
      stage: 'query',
      operation: 'disbursement-enquiry',
      handle: gate.get({ headers: 'disbursement' }, ({ params, url }) => {
        const type = url.searchParams.get('transactionType');
        if (version === 'v2' && type !== 'B2C' && type !== 'B2B') {
          return refuse('disbursement', '1013', { message: 'transactionType is missing', resultCode: 'ESB000008' });
        }
        return enquire('disbursement', params['id'] ?? '');
      }),
    },
  ]),
  ...VERSIONS.map(
    (version): Route => ({
      method: 'POST',
      path: `/standard/${version}/cashin/`,
      stage: 'submit',
      operation: 'cash-in',
      handle: gate.post(
        { headers: 'cash-in', ...(version === 'v1' ? {} : signed('cash-in', '1015')) },
        (fields) => readCashIn(fields, context, checkPin),
        (order, { request }) => payouts.pay(order, request),
      ),
    }),
  ),
  {
    method: 'GET',
    path: '/standard/v1/cashin/{id}',
    stage: 'query',
    operation: 'cash-in-enquiry',
    handle: gate.get({ headers: 'cash-in' }, ({ params }) => enquire('cash-in', params['id'] ?? '')),
  },
];

const remittancePath = (name: string): string => `/openapi/moneytransfer/v2/${name}`;

const remittanceRoutes = ({ gate, remittances }: RoutesOptions): readonly Route[] => {
  const { readValidation, validate, readCredit, credit, readReference, checkStatus, readReversal, refund } =
    remittances;
  return [
    {
      method: 'POST',
      path: remittancePath('validate'),
      stage: 'query',
      operation: 'remittance-validate',
      handle: gate.post({}, readValidation, validate),
    },
    {
      method: 'POST',
      path: remittancePath('credit'),
      stage: 'submit',
      operation: 'remittance',
      handle: gate.post({}, readCredit, credit),
    },
    {
      method: 'POST',
      path: remittancePath('checkstatus'),
      stage: 'query',
      operation: 'remittance-status',
      handle: gate.post({}, (fields) => readReference(fields, 'extTRID'), checkStatus),
    },
    {
      method: 'POST',
      path: remittancePath('refund'),
      stage: 'submit',
      operation: 'remittance-refund',
      handle: gate.post({}, readReversal, refund),
    },
  ];
};

const accountRoutes = ({ gate, accounts }: RoutesOptions): readonly Route[] => [
  {
    method: 'GET',
    path: '/v1/rsa/encryption-keys',
    stage: 'setup',
    operation: 'encryption-keys',
    handle: gate.get({}, accounts.encryptionKey),
  },
  // Before the users, of whom one is not called "balance".
  ...VERSIONS.map(
    (version): Route => ({
      method: 'GET',
      path: `/standard/${version}/users/balance`,
      stage: 'query',
      operation: 'balance',
      handle: gate.get({ headers: 'disbursement' }, accounts.balance(version)),
    }),
  ),
  ...VERSIONS.map(
    (version): Route => ({
      method: 'GET',
      path: `/standard/${version}/users/{msisdn}`,
      stage: 'query',
      operation: 'user',
      handle: gate.get({ headers: 'disbursement' }, accounts.user),
    }),
  ),
  {
    method: 'GET',
    path: '/merchant/v1/transactions',
    stage: 'query',
    operation: 'transactions',
    handle: gate.get({ headers: 'collection' }, accounts.transactions),
  },
];
