/** `@canza/integrations/vodacom-mpesa`: all of `@canza/mobile-money/vodacom-mpesa`. */
export * from '@canza/mobile-money/vodacom-mpesa';
