import { type CallOptions, ConfigError, type Environment, type HttpRequest, type HttpResponse } from '@canza/core';

import { createAuthorisedSender } from '../shared/authorised-sender.ts';
import { countDown } from '../shared/count-down.ts';
import { authorise, buildTokenRequest, isTokenRefusal, parseToken } from './auth.ts';
import { type AirtelMoneyConfig, credentialId } from './config.ts';
import { createPublicKeys } from './encryption/keys.ts';
import { encryptText, type PublicKey } from './encryption/public-key.ts';
import { signRequest } from './encryption/signing.ts';
import { readReply } from './refusals.ts';

/** Builds a request, with the ciphertext of the PIN where it takes one. */
export type Build = (pin: string) => HttpRequest;

/** What a request is sent with. */
interface Protection {
  readonly withPin: boolean;
  readonly signed: boolean;
}

export type Pay = (build: Build, protection: Protection, options?: CallOptions) => Promise<HttpResponse>;
export type Send = (request: HttpRequest, options?: CallOptions) => Promise<HttpResponse>;

/** One sender for questions, and one that brings PIN and signature along, with the public key that both need. */
export function createSenders(config: AirtelMoneyConfig, environment: Environment): { send: Send; pay: Pay } {
  const { name, padding, signing, pin } = config;
  const { clock, random } = environment;
  const send = createAuthorisedSender({
    environment,
    provider: name,
    credential: credentialId(config),
    timeoutMs: config.timeoutMs,
    requestToken: async (transport, options) => parseToken(await transport(buildTokenRequest(config), options), name),
    authorise,
    isTokenRefusal,
  });
  const keys = createPublicKeys(config, environment, send);

  const pinFor = (key: PublicKey | undefined): string => {
    if (pin === undefined) return '';
    if ('encrypted' in pin) return pin.encrypted();
    const ciphertext = key === undefined ? undefined : encryptText(pin.clear(), key, padding, random);
    if (ciphertext !== undefined) return ciphertext;
    throw new ConfigError({ field: 'airtelMoney.padding', expected: 'a padding that leaves room for a PIN' });
  };

  const pay: Pay = async (build, { withPin, signed }, options = {}) => {
    const sign = signing && signed;
    const encryptsPin = withPin && pin !== undefined && 'clear' in pin;
    if (!sign && !encryptsPin) return send(build(withPin ? pinFor(undefined) : ''), options);
    // What is wrong with the request is said before anybody is asked for a key.
    build('');
    const left = countDown(clock, { timeoutMs: config.timeoutMs, ...options }, name);
    const key = await keys.get(left());
    const request = build(withPin ? pinFor(key) : '');
    const response = await send(sign ? signRequest(request, key, padding, random) : request, left());
    if (KEY_REFUSALS.has(readReply(response).code)) keys.drop(key);
    return response;
  };
  return { send, pay };
}

/** Codes after which the key is asked for anew: the PIN, or the signature, was encrypted with another one. */
const KEY_REFUSALS: ReadonlySet<string> = new Set(['ROUTER116', 'DP00800001026', 'DP00900001016', 'DP00900001018']);
