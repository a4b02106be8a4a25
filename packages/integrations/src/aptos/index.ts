/** `@canza/integrations/aptos`: all of `@canza/blockchain/aptos`. */
export * from '@canza/blockchain/aptos';
