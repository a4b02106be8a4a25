/** `@canza/integrations/blockchain`: all of `@canza/blockchain`, settlement on a chain. */
export * from '@canza/blockchain';
