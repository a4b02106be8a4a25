import { vodacomMpesa } from '@canza/mobile-money/vodacom-mpesa';
import { createVodacomEmulator } from '@canza/sandbox';

import { attemptKey, jsonOf, newRows, type OperatorPorts, type PlayedOperator, textIn } from './operator.ts';

const SPENDS = /\/(?:c2bPayment\/singleStage|b2cPayment|reversal)\/$/;
const NAME = 'vodacom-mpesa';
const BASE_URL = `https://${NAME}.example`;
const CODE = '171717';

/** Vodacom M-Pesa in Tanzania, answered at once or later. */
export function playVodacom({ chance, callbackBaseUrl, ...ports }: OperatorPorts): PlayedOperator {
  const vodacom = createVodacomEmulator({
    ...ports,
    application: {
      serviceProviderCodes: [CODE],
      responses: chance.pick(['synchronous', 'asynchronous']),
      responseUrl: `${callbackBaseUrl}/${NAME}`,
    },
    shapes: {
      resultMethod: chance.pick(['POST', 'PUT']),
      statusField: chance.pick(['output_ResponseTransactionStatus', 'output_TransactionStatus']),
      reversedStatus: chance.pick(['Completed', 'Cancelled']),
      questionIds: chance.pick(['once', 'free']),
    },
  });
  const purse = { market: 'vodacomTZN', currency: 'TZS' } as const;
  const collections = newRows(() => vodacom.books.collections());
  const payouts = newRows(() => vodacom.books.payouts());
  const reversals = newRows(() => vodacom.books.reversals());
  let movements = 0;
  return {
    name: NAME,
    currency: 'TZS',
    hosts: [new URL(BASE_URL).hostname],
    factories: [
      vodacomMpesa({
        environment: 'sandbox',
        baseUrl: BASE_URL,
        market: 'TZN',
        operations: ['collection', 'disbursement', 'refund'],
        apiKey: vodacom.application.apiKey,
        publicKey: vodacom.publicKey,
        serviceProviderCode: CODE,
      }),
    ],
    providers: [NAME],
    transport: vodacom.transport,
    types: ['collection', 'disbursement'],
    refunds: 'part',
    faults: vodacom.faults,
    secrets: [vodacom.application.apiKey],
    amount: (index) => `${1000 + index}.00`,
    msisdn: (index) => `2557541${String(10_000 + index)}`,
    setPhone: (msisdn, behaviour) => vodacom.handset.set(msisdn, behaviour),
    takeMovements() {
      const { length } = vodacom.books.ledger(purse).entries;
      if (length === movements) return [];
      movements = length;
      const read = (kind: 'collection' | 'disbursement' | 'refund', fresh: ReturnType<typeof collections>) =>
        fresh.map(({ thirdPartyConversationId, transactionId, amountMinor }) => ({
          kind,
          key: attemptKey(thirdPartyConversationId),
          receipt: transactionId,
          amountMinor,
        }));
      return [...read('collection', collections()), ...read('disbursement', payouts()), ...read('refund', reversals())];
    },
    spendOf: (request) =>
      SPENDS.test(new URL(request.url).pathname)
        ? { key: attemptKey(textIn(jsonOf(request), 'input_ThirdPartyConversationID') ?? '-') }
        : undefined,
    questionOf(request) {
      const url = new URL(request.url);
      const key = url.searchParams.get('input_QueryReference');
      if (!url.pathname.endsWith('/queryTransactionStatus/') || key === null) return undefined;
      const about = (other: string) => ({
        ...request,
        url: request.url.replace(key, other === '' ? '0'.repeat(32) : other),
      });
      return { key, about };
    },
    standingOf(_type, { reference }) {
      const isInBooks = vodacom.transactions.some(({ thirdPartyConversationId: id }) => id === reference);
      return { takesQuestions: true, isInBooks, denialProves: false };
    },
    close: vodacom.close,
  };
}
