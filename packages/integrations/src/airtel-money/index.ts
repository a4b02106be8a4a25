/** `@canza/integrations/airtel-money`: all of `@canza/mobile-money/airtel-money`. */
export * from '@canza/mobile-money/airtel-money';
