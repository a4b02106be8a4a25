/** `@canza/integrations/ussd`: all of `@canza/mobile-money/ussd`. */
export * from '@canza/mobile-money/ussd';
