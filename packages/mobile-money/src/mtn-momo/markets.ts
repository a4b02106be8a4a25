import type { CurrencyCode } from '@canza/core';

import { type OperatorId, operatorId } from '../directory/operators.ts';

/** One country in which MTN runs the Open API. */
export interface Market {
  /** ISO 3166 alpha-2. */
  readonly country: string;
  /** The only currency that this environment takes. */
  readonly currency: CurrencyCode;
  /** Digits with which every wallet number begins. */
  readonly callingCode: string;
  readonly operator: OperatorId;
}

/**
 * The live target environments, by the word that `X-Target-Environment` wants.
 * `mtncongo` is Congo-Brazzaville: there is no Open API in DR Congo. Source: docs/providers/mtn-momo.md#markets
 */
export const MARKETS = {
  mtnbenin: { country: 'BJ', currency: 'XOF', callingCode: '229', operator: operatorId('BJ', 'MTN MoMo') },
  mtncameroon: { country: 'CM', currency: 'XAF', callingCode: '237', operator: operatorId('CM', 'MTN MoMo') },
  mtncongo: { country: 'CG', currency: 'XAF', callingCode: '242', operator: operatorId('CG', 'MTN MoMo') },
  mtnghana: { country: 'GH', currency: 'GHS', callingCode: '233', operator: operatorId('GH', 'MTN MoMo') },
  mtnguineaconakry: { country: 'GN', currency: 'GNF', callingCode: '224', operator: operatorId('GN', 'MTN MoMo') },
  mtnivorycoast: { country: 'CI', currency: 'XOF', callingCode: '225', operator: operatorId('CI', 'MTN MoMo') },
  mtnliberia: { country: 'LR', currency: 'LRD', callingCode: '231', operator: operatorId('LR', 'MTN MoMo') },
  mtnnigeria: { country: 'NG', currency: 'NGN', callingCode: '234', operator: operatorId('NG', 'MoMo PSB') },
  mtnrwanda: { country: 'RW', currency: 'RWF', callingCode: '250', operator: operatorId('RW', 'MTN MoMo') },
  mtnsouthafrica: { country: 'ZA', currency: 'ZAR', callingCode: '27', operator: operatorId('ZA', 'MTN MoMo') },
  mtnsouthsudan: { country: 'SS', currency: 'SSP', callingCode: '211', operator: operatorId('SS', 'MTN MoMo') },
  mtnswaziland: { country: 'SZ', currency: 'SZL', callingCode: '268', operator: operatorId('SZ', 'MTN MoMo') },
  mtnuganda: { country: 'UG', currency: 'UGX', callingCode: '256', operator: operatorId('UG', 'MTN MoMo') },
  mtnzambia: { country: 'ZM', currency: 'ZMW', callingCode: '260', operator: operatorId('ZM', 'MTN MoMo') },
} as const satisfies Record<string, Market>;

type LiveEnvironment = keyof typeof MARKETS;

/** What `X-Target-Environment` may say. The word `production` is none of them. */
export type TargetEnvironment = 'sandbox' | LiveEnvironment;

/** Every word that `X-Target-Environment` takes. */
export const TARGET_ENVIRONMENTS: readonly TargetEnvironment[] = [
  'sandbox',
  ...(Object.keys(MARKETS) as LiveEnvironment[]),
];

/** The sandbox takes every number and this currency alone. Source: docs/providers/mtn-momo.md#sandbox */
export const SANDBOX_CURRENCY = 'EUR' satisfies CurrencyCode;

/** Where the sandbox's own test numbers come from; no operator of the directory holds them. */
export const SANDBOX_HOME = { country: 'SE', callingCode: '46', operator: 'mtn-momo-sandbox' } as const;
