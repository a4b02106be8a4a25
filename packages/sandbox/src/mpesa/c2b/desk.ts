import type { Clock, HttpRequest, HttpResponse } from '@canza/core';

import type { SendReport } from '../../callback-reports.ts';
import type { Deliveries } from '../../deliveries.ts';
import type { Schedule } from '../../schedule.ts';
import { jsonReply } from '../../wire.ts';
import type { OpenBooks } from '../books.ts';
import type { DarajaErrors } from '../error-replies.ts';
import type { DarajaIdentifiers } from '../identifiers.ts';
import type { Organisation } from '../organisations.ts';
import type { DarajaShapes, DarajaTimings } from '../settings.ts';
import { buildC2bNotice, type C2bNotice, type RegistrationVersion, readValidation } from './callback.ts';
import type { CustomerPayment, UrlRegistration } from './request.ts';

/** How a customer's payment ended. */
export type CustomerPaymentOutcome =
  | { readonly kind: 'paid'; readonly receipt: string }
  /** The merchant's validation said no, with its code, or did not answer while `Cancelled` was registered. */
  | { readonly kind: 'rejected'; readonly code: string }
  | { readonly kind: 'insufficient-funds' };

export interface C2bDesk {
  readonly register: (registration: UrlRegistration, version: RegistrationVersion) => HttpResponse;
  /** Acknowledges at once and lets the customer pay. */
  readonly simulate: (payment: CustomerPayment, request: HttpRequest) => HttpResponse;
  /** A customer pays from the phone's menu: asks the merchant where that is wanted, moves the money, confirms. */
  readonly pay: (payment: CustomerPayment, request?: HttpRequest) => Promise<CustomerPaymentOutcome>;
  /** Confirms a payment that came about in another way. */
  readonly confirm: (
    notice: Omit<C2bNotice, 'kind' | 'payerName' | 'thirdPartyId'>,
    request: HttpRequest,
  ) => Promise<void>;
}

export interface C2bDeskOptions {
  readonly clock: Clock;
  readonly schedule: Schedule;
  readonly deliveries: Deliveries;
  readonly report: SendReport;
  readonly books: OpenBooks;
  readonly identifiers: DarajaIdentifiers;
  readonly errors: DarajaErrors;
  readonly timings: DarajaTimings;
  readonly shapes: DarajaShapes;
  readonly organisations: ReadonlyMap<string, Organisation>;
  readonly nameOf: (msisdn: string) => string;
}

/** What stands for the request of a payment that no request began. */
const NO_REQUEST: HttpRequest = { method: 'POST', url: 'phone:', headers: {} };

/** Customers' own payments: addresses, validation, confirmation. */
export function createC2bDesk(options: C2bDeskOptions): C2bDesk {
  const { clock, schedule, deliveries, report, books, identifiers, errors, timings, shapes, organisations } = options;
  const registrations = new Map<string, UrlRegistration & { readonly version: RegistrationVersion }>();

  const kindOf = (shortcode: string): C2bNotice['kind'] =>
    organisations.get(shortcode)?.kind === 'till' ? 'Buy Goods' : 'Pay Bill';

  const confirm = async (notice: C2bNotice, request: HttpRequest): Promise<void> => {
    const registration = registrations.get(notice.shortcode);
    if (registration === undefined) return;
    const { confirmationUrl, version } = registration;
    await report({
      operation: 'c2b-confirmation',
      request,
      dueMs: timings.callbackDelayMs,
      truth: (isAmountWrong) =>
        buildC2bNotice(
          { ...notice, amountMinor: notice.amountMinor + (isAmountWrong ? 100n : 0n) },
          confirmationUrl,
          version,
          shapes.c2bPhone,
        ),
    });
  };

  /** Asks the merchant; what was registered decides where no answer comes. */
  const validate = async (
    notice: C2bNotice,
  ): Promise<{ readonly thirdPartyId: string } | { readonly rejection: string }> => {
    const registration = registrations.get(notice.shortcode);
    const isAsked = organisations.get(notice.shortcode)?.externalValidation ?? true;
    if (registration === undefined || !isAsked) return { thirdPartyId: '' };
    const { validationUrl, version, responseType } = registration;
    const question = buildC2bNotice(notice, validationUrl, version, shapes.c2bPhone);
    const verdict = readValidation(await deliveries.send('c2b-validation', question, timings.validationMs));
    if (verdict.kind === 'accepted') return verdict;
    if (verdict.kind === 'rejected') return { rejection: verdict.code };
    return responseType === 'Completed' ? { thirdPartyId: '' } : { rejection: 'unanswered' };
  };

  const pay: C2bDesk['pay'] = async (payment, request = NO_REQUEST) => {
    const notice: C2bNotice = {
      ...payment,
      receipt: identifiers.receipt(clock.nowMs()),
      atMs: clock.nowMs(),
      kind: kindOf(payment.shortcode),
      payerName: options.nameOf(payment.msisdn),
      thirdPartyId: '',
    };
    const validation = await validate(notice);
    if ('rejection' in validation) return { kind: 'rejected', code: validation.rejection };
    if (books.walletMinor(payment.msisdn) < payment.amountMinor) return { kind: 'insufficient-funds' };
    const { receipt, atMs } = notice;
    const { billReference: accountReference, ...moved } = payment;
    books.charge({ ...moved, receipt, atMs, accountReference, channel: 'c2b' });
    const balanceMinor = books.accountMinor(payment.shortcode);
    await confirm({ ...notice, thirdPartyId: validation.thirdPartyId, balanceMinor }, request);
    return { kind: 'paid', receipt };
  };

  const acknowledge = (description: string, code: DarajaShapes['registrationCode']): HttpResponse =>
    jsonReply(200, {
      OriginatorCoversationID: identifiers.gatewayId(),
      ...(code === 'absent' ? {} : { ResponseCode: code }),
      ResponseDescription: description,
    });

  return {
    register(registration, version) {
      if (shapes.urlsRegisteredOnce && registrations.has(registration.shortcode)) {
        return errors.envelope(500, '500.003.1001', 'Urls are already registered.');
      }
      registrations.set(registration.shortcode, { ...registration, version });
      return acknowledge('Success', shapes.registrationCode);
    },
    simulate(payment, request) {
      schedule.after(timings.refusalMs, async () => void (await pay(payment, request)));
      return acknowledge('Accept the service request successfully.', '0');
    },
    pay,
    confirm: (notice, request) =>
      confirm(
        { ...notice, kind: kindOf(notice.shortcode), payerName: options.nameOf(notice.msisdn), thirdPartyId: '' },
        request,
      ),
  };
}
