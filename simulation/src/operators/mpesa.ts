import { mpesa } from '@canza/mobile-money/mpesa';
import { createDarajaEmulator } from '@canza/sandbox';

import { chargeAtMpesa, payoutAtMpesa, reversalAtMpesa } from './movements.ts';
import { attemptKey, jsonOf, newRows, type OperatorPorts, type PlayedOperator, textIn, tokenIn } from './operator.ts';

const BASE_URL = 'https://mpesa.example';
/** The emulator's short code for payouts. */
const PAYOUT_SHORTCODE = '600992';
const PENDING = ['under-processing', 'being-processed', 'empty-envelope', 'too-early'] as const;

/** M-Pesa in Kenya: a pay bill and a till that reach the same wallets, reversals, and a short code that pays out. */
export function playMpesa({ chance, ...ports }: OperatorPorts): PlayedOperator {
  const daraja = createDarajaEmulator({
    ...ports,
    shapes: {
      pending: [chance.pick(PENDING)],
      callbackPhone: chance.pick(['number', 'masked', 'absent']),
      resultCodes: chance.pick(['sampled', 'number', 'text']),
      resultOriginator: chance.pick(['acknowledged', 'gateway']),
      newTokenEndsEarlier: chance.happens(0.5),
      expiresIn: chance.pick(['text', 'number']),
    },
    timings: { repeatWindowMs: 0, sessionLockMs: 0 },
  });
  const [paybill, till] = daraja.stkShortcodes;
  if (paybill === undefined || till === undefined) throw new Error('The emulator has two short codes.');
  const common = { environment: 'sandbox', baseUrl: BASE_URL, ...daraja.credentials } as const;
  const charges = newRows(() => daraja.books.charges());
  const payouts = newRows(() => daraja.books.payouts());
  const reversals = newRows(() => daraja.books.reversals());
  let movements = 0;
  return {
    name: 'mpesa',
    currency: 'KES',
    hosts: [new URL(BASE_URL).hostname],
    factories: [
      mpesa({
        ...common,
        name: 'mpesa',
        shortcode: paybill.shortcode,
        passkey: paybill.passkey,
        initiator: daraja.initiator,
      }),
      mpesa({ ...common, name: 'mpesa-till', shortcode: till.shortcode, passkey: till.passkey, till: till.till ?? '' }),
      mpesa({
        ...common,
        name: 'mpesa-payouts',
        shortcode: PAYOUT_SHORTCODE,
        initiator: daraja.initiator,
        payouts: 'BusinessPayment',
      }),
    ],
    providers: ['mpesa', 'mpesa-till', 'mpesa-payouts'],
    transport: daraja.transport,
    types: ['collection', 'disbursement'],
    refunds: 'part',
    faults: daraja.faults,
    secrets: [daraja.credentials.consumerSecret, paybill.passkey, till.passkey, daraja.initiator.password],
    amount: (index) => `${10 + index}.00`,
    msisdn: (index) => `2547221${String(10_000 + index)}`,
    setPhone: (msisdn, behaviour) => daraja.handset.set(msisdn, behaviour),
    takeMovements() {
      const { length } = daraja.books.ledger.entries;
      if (length === movements) return [];
      movements = length;
      return [...charges().map(chargeAtMpesa), ...payouts().map(payoutAtMpesa), ...reversals().map(reversalAtMpesa)];
    },
    spendOf(request) {
      const { pathname } = new URL(request.url);
      if (pathname.endsWith('/processrequest')) {
        return { key: tokenIn(textIn(jsonOf(request), 'CallBackURL') ?? '') ?? '-' };
      }
      if (pathname.includes('/b2c/')) {
        return { key: attemptKey(textIn(jsonOf(request), 'OriginatorConversationID') ?? '-') };
      }
      if (!pathname.includes('/reversal/')) return undefined;
      const json = jsonOf(request);
      return {
        key: tokenIn(textIn(json, 'ResultURL') ?? '') ?? '-',
        originalReceipt: textIn(json, 'TransactionID') ?? '-',
      };
    },
    questionOf(request) {
      const { pathname } = new URL(request.url);
      const field = pathname.includes('/stkpushquery/')
        ? 'CheckoutRequestID'
        : pathname.includes('/transactionstatus/')
          ? 'OriginatorConversationID'
          : undefined;
      if (field === undefined) return undefined;
      const json = jsonOf(request);
      return {
        key: textIn(json, field) ?? '-',
        about: (other) => ({ ...request, body: JSON.stringify({ ...json, [field]: other }) }),
      };
    },
    standingOf(type, { reference, references, callbackToken }) {
      if (type === 'collection') {
        const isInBooks = daraja.prompts.some(({ callbackUrl }) => tokenIn(callbackUrl) === callbackToken);
        return { takesQuestions: references['CheckoutRequestID'] !== undefined, isInBooks, denialProves: false };
      }
      const id = references['OriginatorConversationID'];
      const isInBooks = daraja.conversations.some(({ originatorConversationId: own }) =>
        type === 'disbursement' ? attemptKey(own) === attemptKey(reference) : own === id,
      );
      return { takesQuestions: type === 'disbursement' || id !== undefined, isInBooks, denialProves: false };
    },
    close: daraja.close,
  };
}
