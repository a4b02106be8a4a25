import type { PaymentType, Route } from '@canza/core';

import { operatorId } from '../directory/operators.ts';
import type { MpesaConfig } from './config.ts';

/** What differs between the routes of one short code. */
type RouteTerms = Pick<Route, 'minMinor' | 'deduplicates' | 'resend' | 'timing'>;

/** A way to or from M-Pesa wallets in Kenya, through the till or the short code. */
export const mpesaRoute = ({ name, shortcode, till }: MpesaConfig, type: PaymentType, terms: RouteTerms): Route => ({
  id: `${name}:${type}:${till ?? shortcode}`,
  provider: name,
  operator: operatorId('KE', 'M-Pesa'),
  country: 'KE',
  currency: 'KES',
  type,
  decimals: 0,
  ...terms,
});
