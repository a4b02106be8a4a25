import {
  type Attempt,
  type IncomingCallback,
  isFinal,
  knownPart,
  type Logger,
  type MobileMoneyProvider,
  PaymentError,
  type PaymentRecord,
} from '@canza/core';

import type { RouteTable } from '../routing/route-table.ts';
import { afterCallback, refuseCallback } from './callback-learning.ts';
import { addressOf, providerNamedBy, readCallbackRequest } from './callback-request.ts';
import type { Driver } from './driver.ts';
import type { PaymentLedger } from './payment-ledger.ts';

export interface CallbackDeskSettings {
  readonly ledger: PaymentLedger;
  readonly driver: Driver;
  readonly table: RouteTable;
  readonly logger: Logger;
  /** Called when a payment may now be asked about. */
  readonly onHint: () => void;
}

/** A callback, and whose it is. */
interface Addressed {
  readonly record: PaymentRecord;
  readonly attempt: Attempt;
  readonly provider: MobileMoneyProvider;
  readonly callback: IncomingCallback;
}

/** Takes callbacks: finds whose they are, notes what they say, and answers the operator. */
export class CallbackDesk {
  readonly #settings: CallbackDeskSettings;

  constructor(settings: CallbackDeskSettings) {
    this.#settings = settings;
  }

  /** Answers 200 once what it says is stored, 404 and 400 for what is not ours or not readable, 503 while it cannot be stored. */
  async take(request: Request, sourceAddress: string | undefined): Promise<Response> {
    try {
      return await this.#take(request, sourceAddress);
    } catch (error) {
      if (PaymentError.isInstance(error) && error.code === 'INVALID_CALLBACK') {
        this.#ignored(undefined, error.message);
        return new Response(null, { status: 400 });
      }
      this.#settings.logger.error({ error: knownPart(error) }, 'a callback could not be taken');
      return new Response(null, { status: 503 });
    }
  }

  async #take(request: Request, sourceAddress: string | undefined): Promise<Response> {
    const { ledger, driver } = this.#settings;
    const found = await this.#find(request, sourceAddress);
    if (found === undefined) return new Response(null, { status: 404 });
    const { record, attempt, provider, callback } = found;
    const report = provider.readCallback({ ...callback, type: record.type });
    const says = `a callback says: ${report.finding.status}`;
    await ledger.update(
      record,
      says,
      (latest) => {
        if (isFinal(latest.status)) {
          const why = `${says}, and the payment is ${latest.status} already`;
          this.#ignored(latest.transactionId, why, latest.status === report.finding.status);
        }
        return afterCallback(latest, attempt.number, report, driver.context(latest));
      },
      {
        onTaken: (latest) => {
          const why = 'A callback names an id that belongs to another payment.';
          return refuseCallback(latest, attempt.number, why, driver.context(latest));
        },
      },
    );
    this.#settings.onHint();
    const { contentType, body } = report.acknowledgement;
    return new Response(body, { headers: { 'content-type': contentType } });
  }

  /** By the attempt's own address; or, at the address that a provider's payments share, by the reference in the body. */
  async #find(request: Request, sourceAddress: string | undefined): Promise<Addressed | undefined> {
    const { ledger, table } = this.#settings;
    const token = addressOf(request)?.token;
    if (token !== undefined) {
      const record = await ledger.findByCallback(token);
      const attempt = record?.attempts.find(({ callbackToken }) => callbackToken === token);
      const provider = attempt === undefined ? undefined : table.providerOf(attempt.provider);
      if (record === undefined || attempt === undefined || provider === undefined) {
        this.#ignored(record?.transactionId, 'no payment has that address');
        return undefined;
      }
      return { record, attempt, provider, callback: await readCallbackRequest(request, sourceAddress) };
    }
    const provider = table.providerOf(providerNamedBy(request) ?? '');
    if (provider?.attemptNamedBy === undefined) {
      this.#ignored(undefined, 'no payment has that address');
      return undefined;
    }
    const callback = await readCallbackRequest(request, sourceAddress);
    const reference = provider.attemptNamedBy(callback);
    const record = reference === undefined ? undefined : await ledger.findByAttempt(reference);
    const attempt = record?.attempts.findLast(
      (each) => each.reference === reference && each.provider === provider.name,
    );
    if (record === undefined || attempt === undefined) {
      this.#ignored(record?.transactionId, `no payment over ${provider.name} has the reference that it names`);
      return undefined;
    }
    return { record, attempt, provider, callback };
  }

  #ignored(transactionId: string | undefined, why: string, harmless = true): void {
    const { logger, ledger } = this.#settings;
    if (harmless) logger.info({ transactionId, why }, 'a callback changed nothing');
    else logger.error({ transactionId, why }, 'a callback contradicts what is proven');
    ledger.events.emit('callback.ignored', { transactionId, why, contradicts: !harmless });
  }
}
