import type { HttpRequest, HttpResponse } from '@canza/core';

import { buildCall, checkReference } from './calls.ts';
import type { MtnMomoConfig } from './config.ts';
import { readRefusal, refusalError } from './refusals.ts';
import { checkText } from './text.ts';

/** One more message to a customer who has paid. Source: docs/providers/mtn-momo.md#delivery-notification */
export interface DeliveryNotification {
  /** The reference of the request to pay: a UUID. */
  readonly reference: string;
  /** 1 to 160 plain characters. */
  readonly text: string;
  /** ISO 639, such as `en`. */
  readonly language?: string;
}

/** Why it was queued or not: the payment is not known, has not succeeded, or succeeded too long ago. */
export type DeliveryOutcome = 'queued' | 'payment-not-found' | 'payment-not-completed' | 'window-closed';

/** The text travels twice: in the body, and in a header of the same name. @throws InvalidRequestError naming the field. */
export function buildDeliveryNotification(config: MtnMomoConfig, notification: DeliveryNotification): HttpRequest {
  const notificationMessage = checkText(notification.text, 'text');
  return buildCall(config, 'collection', {
    method: 'POST',
    path: `/v1_0/requesttopay/${checkReference(notification.reference)}/deliverynotification`,
    headers: {
      notificationmessage: notificationMessage,
      ...(notification.language === undefined ? {} : { language: checkText(notification.language, 'language') }),
    },
    body: { notificationMessage },
  });
}

const OUTCOMES: ReadonlyMap<number, DeliveryOutcome> = new Map([
  [200, 'queued'],
  [404, 'payment-not-found'],
  [409, 'payment-not-completed'],
  [410, 'window-closed'],
]);

/** @throws RateLimitError, UnexpectedResponseError and their kin, with `moneyMoved: 'no'`. */
export function parseDeliveryNotification(response: HttpResponse, provider: string): DeliveryOutcome {
  const outcome = OUTCOMES.get(response.status);
  if (outcome === undefined) throw refusalError('other', readRefusal(response), response, provider);
  return outcome;
}
