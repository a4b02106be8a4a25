/** `@canza/integrations/mtn-momo`: all of `@canza/mobile-money/mtn-momo`. */
export * from '@canza/mobile-money/mtn-momo';
