import type { HttpResponse } from '@canza/core';

import { jsonReply } from '../wire.ts';
import type { MomoBooks } from './books.ts';
import { badRequest, walletError } from './error-replies.ts';
import { writeAmount } from './fields.ts';
import { type MagicAnswer, magicAnswer } from './magic-numbers.ts';
import type { MomoEnvironment } from './settings.ts';
import type { MomoSubscribers } from './subscribers.ts';

/** What is told of our own account and of customers' wallets. Source: docs/providers/mtn-momo.md#wallets */
export interface WalletDesk {
  readonly balance: (currency?: string) => HttpResponse;
  readonly isActive: (type: string, id: string) => HttpResponse;
  readonly basicUserInfo: (type: string, id: string) => HttpResponse;
}

export interface WalletDeskOptions {
  readonly books: MomoBooks;
  readonly subscribers: MomoSubscribers;
  readonly environment: MomoEnvironment;
}

/** `active` takes these words in lower case alone; the other question takes any. */
const HOLDER_TYPES = ['msisdn', 'email', 'party_code'];
const NAMED_TYPES = [...HOLDER_TYPES, 'alias', 'id'];

export function createWalletDesk({ books, subscribers, environment }: WalletDeskOptions): WalletDesk {
  const { currency, targetEnvironment } = environment;
  const magicOf = (type: string, id: string): MagicAnswer | undefined =>
    targetEnvironment === 'sandbox' ? magicAnswer(type, id) : undefined;
  return {
    balance(asked = currency) {
      if (asked !== currency) return walletError('INVALID_CURRENCY');
      const amountMinor = books.accountMinor();
      return jsonReply(200, { availableBalance: writeAmount({ currency, amountMinor }), currency });
    },
    isActive(type, id) {
      if (!HOLDER_TYPES.includes(type)) return badRequest();
      const magic = magicOf(type, id);
      if (magic !== undefined) return 'code' in magic ? walletError(magic.code) : jsonReply(200, { result: false });
      const state = subscribers.stateOf(id);
      return state === 'unknown' ? walletError('RESOURCE_NOT_FOUND') : jsonReply(200, { result: state === 'active' });
    },
    basicUserInfo(type, id) {
      if (!NAMED_TYPES.includes(type.toLowerCase())) return badRequest();
      const magic = magicOf(type.toLowerCase(), id);
      if (magic !== undefined && 'code' in magic) return walletError(magic.code);
      const state = subscribers.stateOf(id);
      if (state === 'unknown') return walletError('RESOURCE_NOT_FOUND');
      const { given, family } = subscribers.nameOf(id);
      return jsonReply(200, {
        given_name: given,
        family_name: family,
        birthdate: '1976-08-13',
        locale: 'sv_SE',
        gender: 'MALE',
        status: state === 'active' ? 'ACTIVE' : 'INACTIVE',
      });
    },
  };
}
