import type { PaymentType, Route } from '@canza/core';

import { operatorId } from '../directory/operators.ts';
import { boundsOf } from '../shared/bounds.ts';
import type { MpesaConfig } from './config.ts';

const MPESA_KENYA = operatorId('KE', 'M-Pesa');

/** What differs between the routes of one short code. */
type RouteTerms = Pick<Route, 'deduplicates' | 'resend' | 'timing'>;

/** A way to or from M-Pesa wallets in Kenya, through the till or the short code. */
export const mpesaRoute = ({ name, shortcode, till }: MpesaConfig, type: PaymentType, terms: RouteTerms): Route => ({
  id: `${name}:${type}:${till ?? shortcode}`,
  provider: name,
  operator: MPESA_KENYA,
  country: 'KE',
  currency: 'KES',
  type,
  decimals: 0,
  ...boundsOf(MPESA_KENYA, 'KES', type),
  ...terms,
});
