import { formatMoney } from '@canza/core';

/** `1.00` */
export const formatKes = (amountMinor: bigint): string => formatMoney({ currency: 'KES', amountMinor });

/** `233.8` and `300`: without the zeros that say nothing. */
export const formatKesShort = (amountMinor: bigint): string => formatKes(amountMinor).replace(/\.?0+$/, '');
