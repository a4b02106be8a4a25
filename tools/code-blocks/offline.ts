/** Preloaded where a page's program runs: it may speak to this machine, and to nothing else. */
import dns from 'node:dns';
import { isIP } from 'node:net';

const lookup = dns.lookup;
const guarded = (host: string, ...rest: unknown[]): void => {
  if (host !== 'localhost' && isIP(host) === 0)
    throw new Error(`a program of a page must run offline, and asked for ${host}`);
  Reflect.apply(lookup, dns, [host, ...rest]);
};
dns.lookup = Object.assign(guarded, lookup);
