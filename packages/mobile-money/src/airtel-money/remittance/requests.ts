import { type HttpRequest, InvalidRequestError, type Money, type SubmitRequest } from '@canza/core';

import { COUNTRIES } from '../../directory/countries.ts';
import { buildCall } from '../calls.ts';
import type { AirtelMoneyConfig, RemittanceSettings } from '../config.ts';
import { amountNumber, nationalNumber } from '../fields.ts';

/** International transfers: flat bodies, and countries by their names. Source: docs/providers/airtel-money.md#remittance */

/** Who is to receive what. */
export interface RemittanceCheck {
  /** E.164 digits without a plus. */
  readonly msisdn: string;
  readonly money: Money;
}

const PATH = '/openapi/moneytransfer/v2';

const countryName = ({ country }: AirtelMoneyConfig): string => COUNTRIES[country].name.toUpperCase();

/** Asks whether the receiver may be paid. @throws InvalidRequestError naming the field. */
export const buildRemittanceCheck = (
  config: AirtelMoneyConfig,
  { msisdn, money }: RemittanceCheck,
  decimals: number,
): HttpRequest =>
  buildCall(config, {
    method: 'POST',
    path: `${PATH}/validate`,
    body: {
      amount: amountNumber(money, config, decimals),
      country: countryName(config),
      currency: config.currency,
      msisdn: nationalNumber(msisdn, config),
    },
  });

/** Pays the receiver. @param pin Its ciphertext. @throws InvalidRequestError naming the field. */
export const buildRemittance = (
  config: AirtelMoneyConfig,
  { channelName, payerCountry, payerFirstName, payerLastName }: RemittanceSettings,
  request: SubmitRequest,
  pin: string,
): HttpRequest =>
  buildCall(config, {
    method: 'POST',
    path: `${PATH}/credit`,
    body: {
      amount: amountNumber(request.money, config, request.route.decimals),
      channelName,
      country: countryName(config),
      currency: config.currency,
      extTRID: request.reference,
      msisdn: nationalNumber(request.msisdn, config),
      mtcn: controlNumberOf(request.reference),
      payerCountry,
      payerFirstName,
      payerLastName,
      pin,
    },
  });

export const buildRemittanceEnquiry = (
  config: AirtelMoneyConfig,
  { channelName }: RemittanceSettings,
  reference: string,
): HttpRequest =>
  buildCall(config, {
    method: 'POST',
    path: `${PATH}/checkstatus`,
    body: { channelName, country: countryName(config), extTRID: reference },
  });

/** Takes a remittance back. @throws InvalidRequestError for an empty id. */
export function buildRemittanceRefund(
  config: AirtelMoneyConfig,
  { channelName }: RemittanceSettings,
  transactionId: string,
  pin: string,
): HttpRequest {
  if (transactionId.trim() === '') {
    throw new InvalidRequestError({ field: 'transactionId', expected: "Airtel's id of the remittance" });
  }
  return buildCall(config, {
    method: 'POST',
    path: `${PATH}/refund`,
    body: { channelName, country: countryName(config), txnID: transactionId, pin },
  });
}

/** The control number that sender and receiver may quote: ten digits, the same in every life of a process. */
const controlNumberOf = (reference: string): string =>
  Number.parseInt(reference.slice(0, 8), 16).toString().padStart(10, '0');
