import type { Logger } from '@canza/core';

const LONG_WORD = /[A-Za-z0-9_-]{16,}/g;

/** Everything that is logged, announced or thrown: no secret and no full number may be in it. */
export class ShownWatch {
  readonly #found: (sentence: string) => void;
  readonly #isToken: (text: string) => boolean;
  #forbidden: RegExp | undefined;

  constructor(found: (sentence: string) => void, isToken: (text: string) => boolean) {
    this.#found = found;
    this.#isToken = isToken;
  }

  /** @param msisdns International digits; the national part alone tells as much. */
  forbid(secrets: readonly string[], msisdns: readonly string[]): void {
    const texts = [...secrets, ...msisdns.map((msisdn) => msisdn.slice(3))];
    this.#forbidden = new RegExp(texts.map((text) => text.replace(/[^\w ]/g, String.raw`\$&`)).join('|'));
  }

  see(what: unknown): void {
    const text = typeof what === 'string' ? what : writeOut(what);
    if (this.#forbidden?.test(text) === true) this.#found('a secret or a full number is shown');
    for (const word of text.match(LONG_WORD) ?? []) {
      if (this.#isToken(word)) this.#found('a callback address is shown');
    }
  }

  logger(): Logger {
    const see = (fields: object, message: string): void => {
      this.see(fields);
      this.see(message);
    };
    return { debug: see, info: see, warn: see, error: see };
  }
}

function writeOut(what: unknown): string {
  const text = JSON.stringify(what) ?? '';
  return what instanceof Error ? `${what.message} ${String(what.cause)} ${text}` : text;
}
