import type { HttpResponse } from '@canza/core';

import { type JsonFields, jsonReply } from '../../wire.ts';
import { COUNTRIES } from '../countries.ts';
import { amountOf, type Checked, msisdnOf, nationalOf, textOf } from '../fields.ts';
import { magicPayout } from '../outcomes.ts';
import type { CheckPin } from '../pin.ts';
import { timedOut } from '../replies.ts';
import type { DeskParts } from './parts.ts';

/** Remittance has flat bodies in camel case, and answers everything with 200 and a `status` of its own. */
interface Receiver {
  readonly msisdn: string;
  readonly amountMinor: bigint;
}

interface Credit extends Receiver {
  readonly extTRID: string;
}

export interface RemittanceDesk {
  readonly readValidation: (fields: JsonFields) => Checked<Receiver>;
  readonly validate: (receiver: Receiver) => HttpResponse;
  readonly readCredit: (fields: JsonFields) => Checked<Credit>;
  readonly credit: (credit: Credit) => HttpResponse;
  readonly readReference: (fields: JsonFields, name: 'extTRID' | 'txnID') => Checked<string>;
  readonly readReversal: (fields: JsonFields) => Checked<string>;
  readonly checkStatus: (extTRID: string) => HttpResponse;
  readonly refund: (txnId: string) => HttpResponse;
}

interface Remittance extends Credit {
  readonly txnId: string;
  /** "200" for money that moved. */
  readonly status: string;
  readonly message: string;
}

const REQUIRED = ['channelName', 'mtcn', 'payerCountry', 'payerFirstName', 'payerLastName'] as const;

const flat = (status: string, message: string, more: object = {}): HttpResponse =>
  jsonReply(200, { message, status, ...more });

const readText = (fields: JsonFields, name: string): Checked<string> => {
  const value = textOf(fields[name]);
  return value === undefined ? { ok: false, refusal: flat('ROUTER003', `${name} is missing`) } : { ok: true, value };
};

/** Source: docs/sandbox/airtel-money.md#remittance */
export function createRemittanceDesk(parts: DeskParts, checkPin: CheckPin): RemittanceDesk {
  const { application, books, clock, identifiers, limits, subscribers } = parts;
  const { country, currency } = application;
  const byReference = new Map<string, Remittance>();

  const refuseCountry = (fields: JsonFields): HttpResponse | undefined =>
    fields['country'] === COUNTRIES[country].name ? undefined : flat('ROUTER006', 'Invalid country');
  const readReceiver = (fields: JsonFields): Checked<Receiver> => {
    const refused = refuseCountry(fields);
    if (refused !== undefined) return { ok: false, refusal: refused };
    if (fields['currency'] !== currency) return { ok: false, refusal: flat('ROUTER112', 'Invalid currency') };
    const msisdn = msisdnOf(country, fields['msisdn']);
    if (msisdn === undefined) return { ok: false, refusal: flat('ESB000033', 'Invalid msisdn length') };
    const amountMinor = amountOf(fields['amount'], currency);
    if (amountMinor === undefined || amountMinor < limits.smallestMinor || amountMinor > limits.largestMinor) {
      return { ok: false, refusal: flat('ESB000008', 'Invalid amount') };
    }
    return { ok: true, value: { msisdn, amountMinor } };
  };
  const state = ({ status, message, txnId, extTRID }: Remittance): HttpResponse =>
    flat(status, message, { txnid: txnId, extTRID });

  /** Where a credit arrives: on the wallet, or nowhere. */
  const carryOut = (credit: Credit): Remittance => {
    const nowMs = clock.nowMs();
    const txnId = identifiers.moneyId('CI', nowMs);
    const failed = (message: string): Remittance => ({ ...credit, txnId, status: 'ESB000011', message });
    const magic = parts.hasMagic(credit.msisdn) ? magicPayout(credit.msisdn) : undefined;
    if (magic?.ending !== undefined && magic.ending.status !== 'TS') return failed(magic.ending.message);
    if (subscribers.stateOf(credit.msisdn) !== 'registered') return failed('The receiver is not permitted');
    if (books.accountMinor('CASHIN') < credit.amountMinor) return failed('Insufficient balance');
    const { msisdn, amountMinor, extTRID } = credit;
    books.payOut({
      kind: 'remittance',
      airtelMoneyId: txnId,
      transactionId: extTRID,
      msisdn,
      amountMinor,
      atMs: nowMs,
    });
    return { ...credit, txnId, status: '200', message: 'Success' };
  };

  return {
    readValidation: readReceiver,
    validate({ msisdn }) {
      const standing = subscribers.stateOf(msisdn);
      const { first, last } = subscribers.nameOf(msisdn);
      if (standing === 'unregistered') return flat('ESB000011', 'User not found', { accountStatus: 'N' });
      return jsonReply(200, {
        accountStatus: 'Y',
        userBarred: standing === 'barred',
        barType: standing === 'barred' ? 'BOTH' : '',
        firstName: first,
        lastName: last,
        message: 'Success',
        msisdn: nationalOf(country, msisdn),
        pinSet: true,
        status: '200',
      });
    },
    readCredit(fields) {
      const receiver = readReceiver(fields);
      if (!receiver.ok) return receiver;
      const extTRID = readText(fields, 'extTRID');
      if (!extTRID.ok) return extTRID;
      for (const name of REQUIRED) {
        const field = readText(fields, name);
        if (!field.ok) return field;
      }
      const refused = checkPin(fields['pin']);
      if (refused !== undefined) return { ok: false, refusal: refused };
      return { ok: true, value: { ...receiver.value, extTRID: extTRID.value } };
    },
    credit(credit) {
      if (byReference.has(credit.extTRID)) return flat('521050', 'Duplicate exttRID');
      const remittance = carryOut(credit);
      byReference.set(credit.extTRID, remittance);
      const isLate = parts.hasMagic(credit.msisdn) && magicPayout(credit.msisdn)?.reply === 'timed-out';
      return isLate ? timedOut() : state(remittance);
    },
    readReference: readText,
    checkStatus(extTRID) {
      const remittance = byReference.get(extTRID);
      return remittance === undefined ? flat('ESB000045', 'Transaction not found') : state(remittance);
    },
    readReversal(fields) {
      const txnId = readText(fields, 'txnID');
      if (!txnId.ok) return txnId;
      const refused = checkPin(fields['pin']);
      return refused === undefined ? txnId : { ok: false, refusal: refused };
    },
    refund(txnId) {
      const [payout] = books.payouts({ kind: 'remittance', airtelMoneyId: txnId });
      if (payout === undefined) return flat('ESB000045', 'Transaction not found');
      if (books.refunds({ originalAirtelMoneyId: txnId }).length > 0) {
        return flat('ESB000011', 'Transaction was refunded before');
      }
      const { msisdn, amountMinor } = payout;
      if (books.walletMinor(msisdn) < amountMinor) return flat('ESB000011', 'Insufficient balance');
      const atMs = clock.nowMs();
      const airtelMoneyId = identifiers.moneyId('CI', atMs);
      books.refund({ kind: 'remittance', airtelMoneyId, originalAirtelMoneyId: txnId, msisdn, amountMinor, atMs });
      return flat('200', 'Success', { txnid: airtelMoneyId });
    },
  };
}
