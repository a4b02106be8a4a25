import { type Clock, ConfigError, createMemoryKeyValueStore, type KeyValueStore, type Logger } from '@canza/core';
import type { RedisClient } from '@canza/data';
import type { MMOBridge } from '@canza/mobile-money';
import type { Gateway, USSDProtocolHandler } from '@canza/mobile-money/ussd';
import type { NamedGateway, UssdConfig } from './config.ts';

export interface UssdSurroundings {
  readonly bridge: MMOBridge | undefined;
  readonly redis: RedisClient | undefined;
  readonly namespace?: string;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * Makes the USSD service: sessions on Redis or in memory, the menu's payments over the bridge.
 * @throws ConfigError naming the field, or listing what is wrong with the menu.
 */
export async function openUssd(config: UssdConfig, around: UssdSurroundings): Promise<USSDProtocolHandler<string>> {
  const { gateway, ready, menu, data, store, ...options } = config;
  const { bridge, clock, logger } = around;
  const ussd = await import('@canza/mobile-money/ussd');
  const shown = ready === undefined ? { menu, data } : ussd.readyMenu({ ...ready, payments: needBridge(bridge) });
  if (shown.menu === undefined) throw new ConfigError({ field: 'ussd.menu', expected: 'a menu' });
  return new ussd.USSDProtocolHandler<string>({
    ...options,
    menu: shown.menu,
    ...(shown.data === undefined ? {} : { data: shown.data }),
    ...(gateway === undefined ? {} : { gateway: 'read' in gateway ? gateway : gatewayOf(ussd, gateway) }),
    ...(bridge === undefined ? {} : { payments: bridge }),
    store: await storeOf(store, around),
    clock,
    logger,
  });
}

function needBridge(bridge: MMOBridge | undefined): MMOBridge {
  if (bridge !== undefined) return bridge;
  throw new ConfigError({ field: 'ussd.ready', expected: 'an operator beside it: the ready menu takes payments' });
}

function gatewayOf(ussd: typeof import('@canza/mobile-money/ussd'), { name, ...settings }: NamedGateway): Gateway {
  switch (name) {
    case 'africas-talking':
      return ussd.africasTalking(settings);
    case 'hubtel':
      return ussd.hubtel(settings);
    case 'arkesel':
      return ussd.arkesel(settings);
    case 'nalo':
      return ussd.nalo(settings);
    case 'infobip':
      return ussd.infobip(settings);
  }
}

async function storeOf(store: UssdConfig['store'], around: UssdSurroundings): Promise<KeyValueStore> {
  const { redis, namespace, clock } = around;
  if (typeof store === 'object') return store;
  if (store === 'memory' || redis === undefined) return createMemoryKeyValueStore({ clock });
  const { createRedisKeyValueStore } = await import('@canza/data/stores');
  return createRedisKeyValueStore({
    connection: redis.connection,
    ...(namespace === undefined ? {} : { namespace }),
  });
}
