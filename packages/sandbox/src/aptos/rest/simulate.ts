import type { HttpResponse } from '@canza/core';

import { primaryBalance } from '../framework/stores.ts';
import { APT } from '../move/address.ts';
import { renderExecuted } from '../transaction/json.ts';
import { payerOf, readSignedTransaction, type SignedTransaction } from '../transaction/signed-transaction.ts';
import { isRightlySigned } from '../transaction/verify.ts';
import { estimateGasPrice } from './gas-price.ts';
import type { NodeRequest } from './node-request.ts';
import { RestError } from './replies.ts';
import { binaryBody, checkIdentifiers, decodeBody, SIGNED_TRANSACTION_BCS } from './submit.ts';

/** Runs a transaction that nobody signed, and tells what would have become of it. */
export function simulate(request: NodeRequest): HttpResponse {
  const { chain, snapshot, query, reply } = request;
  const body = binaryBody(request.request, SIGNED_TRANSACTION_BCS);
  const sent = decodeBody('SignedTransaction', () => readSignedTransaction(body));
  checkIdentifiers(sent);
  if (isRightlySigned(sent)) {
    throw new RestError('invalid_input', 'Simulated transactions must not have a valid signature');
  }
  const transaction = withEstimates(sent, request, query);
  const refused = chain.check(transaction, snapshot);
  const common = { version: snapshot.version, transaction, timestampUsec: snapshot.timestampUsec };
  const run = refused === undefined ? chain.simulate(transaction, snapshot) : undefined;
  const executed =
    run !== undefined
      ? { ...run, changes: run.session.writes }
      : { isSuccess: false, vmStatus: refused ?? '', charge: { totalUnits: 0n }, events: [], changes: new Map() };
  return reply([renderExecuted({ ...common, ...executed }, chain.functions)], {
    headers: { 'x-aptos-gas-used': executed.charge.totalUnits.toString() },
  });
}

/** Puts prices and bounds in the place of the caller's, where it asked for that. */
function withEstimates(sent: SignedTransaction, request: NodeRequest, query: URLSearchParams): SignedTransaction {
  const { chain, snapshot } = request;
  const isAsked = (name: string): boolean => query.get(name) === 'true';
  const estimate = estimateGasPrice(chain, snapshot);
  const gasUnitPrice = isAsked('estimate_prioritized_gas_unit_price')
    ? estimate.prioritized
    : isAsked('estimate_gas_unit_price')
      ? estimate.market
      : sent.gasUnitPrice;
  if (!isAsked('estimate_max_gas_amount') || gasUnitPrice === 0n) return { ...sent, gasUnitPrice };
  // What the payer can afford, not what is needed.
  const affordable = primaryBalance(chain.state.at(snapshot.version), payerOf(sent), APT) / gasUnitPrice;
  const most = chain.settings.gas.maximumUnits;
  return { ...sent, gasUnitPrice, maxGasAmount: affordable < most ? affordable : most };
}
