/** Who has a phone number. */
export interface CustomerName {
  readonly first: string;
  /** Everything behind the first word. */
  readonly last: string;
}

/** Names by MSISDN; `TEST USER` for everybody else. */
export const createNames =
  (names: Readonly<Record<string, string>> = {}) =>
  (msisdn: string): CustomerName => {
    const [first = '', ...rest] = (names[msisdn] ?? 'TEST USER').split(' ');
    return { first, last: rest.join(' ') };
  };
