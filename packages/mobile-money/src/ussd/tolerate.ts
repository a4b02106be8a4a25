import { type Logger, safeCause } from '@canza/core';

/** Waits for what a screen can do without: its failure is logged, and nothing more. */
export async function tolerate<T>(logger: Logger, message: string, work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    logger.warn({ cause: safeCause(error) }, message);
    return undefined;
  }
}
