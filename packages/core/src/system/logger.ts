import type { Logger } from '../environment.ts';

const discard = (): void => undefined;

/** Drops every line: the default, because a library that prints unasked is a nuisance. */
export const silentLogger: Logger = { debug: discard, info: discard, warn: discard, error: discard };
