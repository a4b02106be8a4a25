/** `@canza/integrations/mpesa`: all of `@canza/mobile-money/mpesa`. */
export * from '@canza/mobile-money/mpesa';
