/** `@canza/integrations/data`: all of `@canza/data`, Redis behind the ports of core. */
export * from '@canza/data';
