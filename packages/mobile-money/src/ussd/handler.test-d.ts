import { createMemoryKeyValueStore, systemClock } from '@canza/core';
import { expectTypeOf } from 'vitest';
import type { MMOBridge } from '../bridge/bridge.ts';
import type { PaymentStarter } from './effects/payments.ts';
import { createUssdHandler, USSDProtocolHandler } from './handler.ts';
import { sendMoneyMenu } from './testing/send-money-menu.ts';

/** The bridge starts what menus pay, as it is. */
expectTypeOf<MMOBridge>().toExtend<PaymentStarter>();

const store = createMemoryKeyValueStore({ clock: systemClock });
declare const payments: MMOBridge;

createUssdHandler({ menu: sendMoneyMenu, store, payments, data: { balance: async () => ({}) } });

// @ts-expect-error the menu looks up "balance", and nothing brings "weather"
createUssdHandler({ menu: sendMoneyMenu, store, payments, data: { weather: async () => ({}) } });

expectTypeOf(createUssdHandler({ menu: sendMoneyMenu, store, payments })).toEqualTypeOf<
  USSDProtocolHandler<'balance'>
>();
