/** `@canza/integrations/mobile-money`: all of `@canza/mobile-money`, the bridge over all operators. */
export * from '@canza/mobile-money';
