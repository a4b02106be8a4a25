import { mtnMomo } from '@canza/mobile-money/mtn-momo';
import { createMomoEmulator } from '@canza/sandbox';

import { movementAtMtn } from './movements.ts';
import { attemptKey, newRows, type OperatorPorts, type PlayedOperator } from './operator.ts';

const SPENDS = /\/(?:requesttopay|requesttowithdraw|transfer|deposit|refund)$/;
const QUESTION = /\/(?:requesttopay|requesttowithdraw|transfer|deposit|refund)\/([0-9a-f-]{36})$/;
const UNKNOWN = '00000000-0000-4000-8000-000000000000';

/** MTN MoMo in Uganda, by one contract; a second contract, with books of its own, is a second way to the same wallets. */
export function playMomo(name: string, { chance, ...ports }: OperatorPorts): PlayedOperator {
  const baseUrl = `https://${name}.example`;
  const callbackHost = new URL(ports.callbackBaseUrl).hostname;
  const momo = createMomoEmulator({
    ...ports,
    environment: { targetEnvironment: 'mtnuganda', currency: 'UGX' },
    callbackHost,
    openingWalletMinor: 1_000_000n,
    openingAccountMinor: 10_000_000n,
    shapes: {
      reason: chance.pick(['object', 'text']),
      numbers: chance.pick(['text', 'number']),
      open: chance.pick(['PENDING', 'CREATED']),
      unanswered: chance.pick(['COULD_NOT_PERFORM_TRANSACTION', 'EXPIRED']),
      callbackVerb: chance.pick(['by-operation', 'PUT', 'POST']),
    },
  });
  const { collection, disbursement } = momo.credentials;
  const rows = newRows(() => momo.books.movements());
  let movements = 0;
  return {
    name,
    currency: 'UGX',
    hosts: [new URL(baseUrl).hostname],
    factories: [mtnMomo({ targetEnvironment: 'mtnuganda', collection, disbursement, callbackHost, baseUrl, name })],
    providers: [name],
    transport: momo.transport,
    types: ['collection', 'disbursement'],
    refunds: 'part',
    faults: momo.faults,
    secrets: [collection.apiKey, collection.subscriptionKey, disbursement.apiKey, disbursement.subscriptionKey],
    amount: (index) => String(500 + index),
    msisdn: (index) => `2567721${String(10_000 + index)}`,
    setPhone: (msisdn, behaviour) => momo.handset.set(msisdn, behaviour),
    takeMovements() {
      const { length } = momo.books.ledger.entries;
      if (length === movements) return [];
      movements = length;
      return rows().map(movementAtMtn);
    },
    spendOf: ({ method, url, headers }) =>
      method === 'POST' && SPENDS.test(new URL(url).pathname)
        ? { key: attemptKey(headers['X-Reference-Id'] ?? headers['x-reference-id'] ?? '-') }
        : undefined,
    questionOf(request) {
      const id = QUESTION.exec(new URL(request.url).pathname)?.[1];
      if (id === undefined) return undefined;
      const about = (key: string) => ({ ...request, url: request.url.replace(id, key === '' ? UNKNOWN : key) });
      return { key: id, about };
    },
    standingOf(_type, { reference }) {
      const key = attemptKey(reference);
      const isInBooks = momo.payments.some(({ referenceId }) => attemptKey(referenceId) === key);
      return { takesQuestions: true, isInBooks, denialProves: true };
    },
    close: momo.close,
  };
}
