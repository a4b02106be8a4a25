import type { Route } from '../router.ts';
import type { B2bExpressDesk } from './b2b-express.ts';
import type { RegistrationVersion } from './c2b/callback.ts';
import type { C2bDesk } from './c2b/desk.ts';
import { readSimulation, readUrlRegistration } from './c2b/request.ts';
import type { Gate } from './gate.ts';
import { acceptAccountBalance, readAccountBalance } from './initiator/account-balance.ts';
import { acceptB2b, readB2b } from './initiator/b2b.ts';
import { acceptB2c, readB2c } from './initiator/b2c.ts';
import type { OperationContext } from './initiator/operation.ts';
import { acceptReversal, readReversal } from './initiator/reversal.ts';
import { acceptTransactionStatus, readTransactionStatus } from './initiator/transaction-status.ts';
import type { PullDesk } from './pull.ts';
import { answerQr, readQrRequest } from './qr-code.ts';
import type { DarajaShapes, StkShortcode } from './settings.ts';
import type { StkDesk } from './stk/desk.ts';
import { readStkPush, readStkQuery } from './stk/request.ts';
import type { DarajaTokens } from './tokens.ts';

/** A route, and the field that its operator names first. */
export type DarajaRoute = Route & { readonly firstField: string };

export interface RoutesOptions {
  readonly gate: Gate;
  readonly tokens: DarajaTokens;
  readonly stk: StkDesk;
  readonly stkShortcodes: ReadonlyMap<string, StkShortcode>;
  readonly longTexts: DarajaShapes['longTexts'];
  readonly c2b: C2bDesk;
  readonly context: OperationContext;
  readonly pull: PullDesk;
  readonly b2bExpress: B2bExpressDesk;
}

/** Every address of Daraja that the emulator answers. Source: docs/providers/mpesa.md#hosts */
export function createRoutes(options: RoutesOptions): readonly DarajaRoute[] {
  const { gate, tokens } = options;
  return [
    {
      method: 'GET',
      path: '/oauth/v1/generate',
      stage: 'token',
      operation: 'token',
      firstField: 'grant_type',
      handle: tokens.issue,
    },
    ...stkRoutes(gate, options),
    ...c2bRoutes(gate, options, 'v1'),
    ...c2bRoutes(gate, options, 'v2'),
    ...initiatorRoutes(gate, options.context),
    ...otherRoutes(gate, options),
  ];
}

const stkRoutes = (gate: Gate, { stk, stkShortcodes, context, longTexts }: RoutesOptions): readonly DarajaRoute[] => [
  gate({
    method: 'POST',
    path: '/mpesa/stkpush/v1/processrequest',
    stage: 'submit',
    operation: 'stk-push',
    refusal: '404.001.03',
    firstField: 'BusinessShortCode',
    read: (fields) => readStkPush(fields, stkShortcodes, context.errors, longTexts),
    answer: (push, { request }) => stk.push(push, request),
  }),
  gate({
    method: 'POST',
    path: '/mpesa/stkpushquery/v1/query',
    stage: 'query',
    operation: 'stk-query',
    refusal: '404.001.03',
    firstField: 'BusinessShortCode',
    read: (fields) => readStkQuery(fields, stkShortcodes, context.errors),
    answer: (query) => stk.query(query),
  }),
];

const c2bRoutes = (
  gate: Gate,
  { c2b, context: { organisations, errors } }: RoutesOptions,
  version: RegistrationVersion,
): readonly DarajaRoute[] => [
  gate({
    method: 'POST',
    path: `/mpesa/c2b/${version}/registerurl`,
    stage: 'setup',
    operation: 'c2b-register',
    refusal: '400.003.01',
    firstField: 'ShortCode',
    read: (fields) => readUrlRegistration(fields, organisations, errors),
    answer: (registration) => c2b.register(registration, version),
  }),
  gate({
    method: 'POST',
    path: `/mpesa/c2b/${version}/simulate`,
    stage: 'submit',
    operation: 'c2b-simulate',
    refusal: '400.003.01',
    firstField: 'ShortCode',
    read: (fields) => readSimulation(fields, organisations, errors),
    answer: (payment, { request }) => c2b.simulate(payment, request),
  }),
];

const initiatorRoutes = (gate: Gate, context: OperationContext): readonly DarajaRoute[] => [
  ...(['v1', 'v3'] as const).map((version) =>
    gate({
      method: 'POST',
      path: `/mpesa/b2c/${version}/paymentrequest`,
      stage: 'submit',
      operation: 'b2c',
      refusal: '401.002.01',
      firstField: version === 'v3' ? 'OriginatorConversationID' : 'InitiatorName',
      read: (fields) => readB2c(fields, version, context),
      answer: (payout, { request }) => acceptB2c(payout, request, context),
    }),
  ),
  gate({
    method: 'POST',
    path: '/mpesa/b2b/v1/paymentrequest',
    stage: 'submit',
    operation: 'b2b',
    refusal: '404.001.03',
    firstField: 'Initiator',
    read: (fields) => readB2b(fields, context),
    answer: (transfer, { request }) => acceptB2b(transfer, request, context),
  }),
  gate({
    method: 'POST',
    path: '/mpesa/reversal/v1/request',
    stage: 'submit',
    operation: 'reversal',
    refusal: '404.001.03',
    firstField: 'Initiator',
    read: (fields) => readReversal(fields, context),
    answer: (reversal, { request }) => acceptReversal(reversal, request, context),
  }),
  gate({
    method: 'POST',
    path: '/mpesa/transactionstatus/v1/query',
    stage: 'query',
    operation: 'transaction-status',
    refusal: '400.003.01',
    firstField: 'Initiator',
    read: (fields) => readTransactionStatus(fields, context),
    answer: (question, { request }) => acceptTransactionStatus(question, request, context),
  }),
  gate({
    method: 'POST',
    path: '/mpesa/accountbalance/v1/query',
    stage: 'query',
    operation: 'account-balance',
    refusal: '401.002.01',
    firstField: 'Initiator',
    read: (fields) => readAccountBalance(fields, context),
    answer: (question, { request }) => acceptAccountBalance(question, request, context),
  }),
];

const otherRoutes = (
  gate: Gate,
  { pull, b2bExpress, context: { errors, identifiers } }: RoutesOptions,
): readonly DarajaRoute[] => [
  gate({
    method: 'POST',
    path: '/v1/ussdpush/get-msisdn',
    stage: 'submit',
    operation: 'b2b-express',
    refusal: '404.001.03',
    firstField: 'primaryShortCode',
    read: b2bExpress.read,
    answer: (request, call) => b2bExpress.push(request, call.request),
  }),
  gate({
    method: 'POST',
    path: '/pulltransactions/v1/register',
    stage: 'setup',
    operation: 'pull-register',
    refusal: '401.001',
    firstField: 'ShortCode',
    read: pull.readRegistration,
    answer: pull.register,
  }),
  // The documents say GET, the operator's own libraries POST.
  ...(['GET', 'POST'] as const).map((method) =>
    gate({
      method,
      path: '/pulltransactions/v1/query',
      stage: 'query',
      operation: 'pull-query',
      refusal: '401.001',
      firstField: 'ShortCode',
      read: pull.readQuery,
      answer: pull.query,
    }),
  ),
  gate({
    method: 'POST',
    path: '/mpesa/qrcode/v1/generate',
    stage: 'setup',
    operation: 'qr-code',
    refusal: '404.001.03',
    firstField: 'MerchantName',
    read: (fields) => readQrRequest(fields, errors),
    answer: (request) => answerQr(request, identifiers.gatewayId()),
  }),
];
