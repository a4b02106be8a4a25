/**
 * Which packages of others an entry point may load when it is imported, and nothing is called. An entry that is not named here loads
 * none: whoever wants only USSD pays neither for a Redis client nor for an SDK. A library that is needed for one call belongs
 * behind `import()`.
 */
export const MAY_LOAD: Readonly<Record<string, readonly string[]>> = {
  '@canza/blockchain/aptos': ['zod'],
  '@canza/blockchain/transport': ['undici'],
  '@canza/core/opentelemetry': ['@opentelemetry/api'],
  '@canza/data': ['msgpackr'],
  '@canza/data/cache': ['lru-cache', 'msgpackr'],
  '@canza/data/rate-limiter': ['rate-limiter-flexible'],
  '@canza/data/redis': ['msgpackr'],
  '@canza/integrations/airtel-money': ['zod'],
  '@canza/integrations/aptos': ['zod'],
  '@canza/integrations/data': ['msgpackr'],
  '@canza/integrations/mobile-money': ['zod'],
  '@canza/integrations/mpesa': ['zod'],
  '@canza/integrations/mtn-momo': ['zod'],
  '@canza/integrations/vodacom-mpesa': ['zod'],
  '@canza/mobile-money': ['zod'],
  '@canza/mobile-money/airtel-money': ['zod'],
  '@canza/mobile-money/mpesa': ['zod'],
  '@canza/mobile-money/mtn-momo': ['zod'],
  '@canza/mobile-money/transport': ['undici', 'zod'],
  '@canza/mobile-money/vodacom-mpesa': ['zod'],
  '@canza/sandbox': ['uqr'],
  '@canza/sandbox/mpesa': ['uqr'],
};
