import { airtelMoney } from '@canza/mobile-money/airtel-money';
import { createAirtelEmulator } from '@canza/sandbox';

import { collectionAtAirtel, payoutAtAirtel, refundAtAirtel } from './movements.ts';
import { attemptKey, jsonOf, newRows, type OperatorPorts, type PlayedOperator, textIn } from './operator.ts';

const QUESTION = /\/(?:payments|disbursements)\/([0-9a-f]{32})$/;
const CALLBACK_KEY = 'simulated-callback-key';

/** Airtel Money in Uganda, by one application; a second one, with books of its own, is a second way to the same wallets. */
export function playAirtel(name: string, { chance, callbackBaseUrl, ...ports }: OperatorPorts): PlayedOperator {
  const baseUrl = `https://${name}.example`;
  const airtel = createAirtelEmulator({
    ...ports,
    magicNumbers: false,
    application: { callbackUrl: `${callbackBaseUrl}/${name}`, callbackKey: CALLBACK_KEY },
    shapes: {
      expiresIn: chance.pick(['text', 'number']),
      statusCode: chance.pick(['text', 'number']),
      successFlag: chance.pick(['sampled', 'true']),
      successCode: chance.pick(['1006', '1001']),
      openStatus: chance.pick(['TIP', 'TI']),
      payouts: chance.pick(['at-once', 'later']),
    },
  });
  const { clientId, clientSecret, pin } = airtel.application;
  const collections = newRows(() => airtel.books.collections());
  const payouts = newRows(() => airtel.books.payouts());
  const refunds = newRows(() => airtel.books.refunds());
  let movements = 0;
  return {
    name,
    currency: 'UGX',
    hosts: [new URL(baseUrl).hostname],
    factories: [
      airtelMoney({
        country: 'UG',
        environment: 'sandbox',
        baseUrl,
        name,
        clientId,
        clientSecret,
        collection: 'v2',
        disbursement: { api: 'v2' },
        pin,
        publicKey: airtel.publicKey,
        callbackKey: CALLBACK_KEY,
      }),
    ],
    providers: [name],
    transport: airtel.transport,
    types: ['collection', 'disbursement'],
    refunds: 'whole',
    faults: airtel.faults,
    secrets: [clientSecret, CALLBACK_KEY, `"${pin}"`],
    amount: (index) => String(500 + index),
    msisdn: (index) => `2567521${String(10_000 + index)}`,
    setPhone: (msisdn, behaviour) => airtel.handset.set(msisdn, behaviour),
    takeMovements() {
      const { length } = airtel.books.ledger.entries;
      if (length === movements) return [];
      movements = length;
      return [
        ...collections().map(collectionAtAirtel),
        ...payouts().map(payoutAtAirtel),
        ...refunds().map(refundAtAirtel),
      ];
    },
    spendOf(request) {
      if (request.method !== 'POST') return undefined;
      const { pathname } = new URL(request.url);
      const transaction = (jsonOf(request)['transaction'] ?? {}) as Readonly<Record<string, unknown>>;
      if (pathname.endsWith('/refund')) return { originalReceipt: textIn(transaction, 'airtel_money_id') ?? '-' };
      if (!/\/(?:payments|disbursements)\/$/.test(pathname)) return undefined;
      return { key: attemptKey(textIn(transaction, 'id') ?? '-') };
    },
    questionOf(request) {
      const id = QUESTION.exec(new URL(request.url).pathname)?.[1];
      if (request.method !== 'GET' || id === undefined) return undefined;
      const about = (key: string) => ({
        ...request,
        url: request.url.replace(id, key === '' ? '0'.repeat(32) : key),
      });
      return { key: id, about };
    },
    standingOf(type, { reference }) {
      // A refund has no id that could be asked about, nor does anything in the books name ours.
      if (type === 'refund') return { takesQuestions: false, isInBooks: false, denialProves: false };
      const key = attemptKey(reference);
      const isInBooks = airtel.transactions.some(({ id }) => attemptKey(id) === key);
      return { takesQuestions: true, isInBooks, denialProves: type === 'collection' };
    },
    close: airtel.close,
  };
}
