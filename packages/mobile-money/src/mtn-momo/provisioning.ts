import { asUuid, type CallOptions, type Environment, type HttpRequest, type HttpResponse } from '@canza/core';
import { z } from 'zod';

import { parseConfig } from '../shared/parse-config.ts';
import { BaseUrlSchema, CallbackHostSchema, SANDBOX_HOST } from './config.ts';
import { assertDone, parseKnownResource } from './resource.ts';

/** What the sandbox needs to make an API user. In production both are made in the partner portal. */
export interface SandboxUserSettings {
  /** Of the product that the user is for: a user opens no other one. */
  readonly subscriptionKey: string;
  /** The only host that may be called back at, fixed for the life of the user: no scheme, no port, no path. */
  readonly callbackHost: string;
  /** In place of the sandbox's host. */
  readonly baseUrl?: string;
}

/** A new API user. The key is shown this once. */
export interface SandboxUser {
  readonly apiUser: string;
  readonly apiKey: string;
}

interface Sandbox {
  readonly subscriptionKey: string;
  readonly baseUrl: string;
}

const SettingsSchema = z.strictObject({
  subscriptionKey: z
    .string({ error: 'the subscription key of the product' })
    .regex(/^\S+$/, { error: 'the subscription key of the product' }),
  callbackHost: CallbackHostSchema,
  baseUrl: BaseUrlSchema.default(SANDBOX_HOST),
});

const PROVIDER = 'mtn-momo';

/** Source: docs/providers/mtn-momo.md#api-user */
const buildApiUser = (sandbox: Sandbox, apiUser: string, callbackHost: string): HttpRequest => ({
  method: 'POST',
  url: `${sandbox.baseUrl}/v1_0/apiuser`,
  headers: { ...keyOf(sandbox), 'x-reference-id': apiUser, 'content-type': 'application/json' },
  body: JSON.stringify({ providerCallbackHost: callbackHost }),
});

const buildApiKey = (sandbox: Sandbox, apiUser: string): HttpRequest => ({
  method: 'POST',
  url: `${sandbox.baseUrl}/v1_0/apiuser/${apiUser}/apikey`,
  headers: keyOf(sandbox),
});

const ApiKeySchema = z.object({ apiKey: z.string().regex(/^\S+$/) });

/** The user is there: made now, or by an earlier call under the same id. */
const parseApiUser = (response: HttpResponse): void => assertDone(response, [201, 409], PROVIDER);

const parseApiKey = (response: HttpResponse): string =>
  parseKnownResource(response, ApiKeySchema, PROVIDER, { status: 201 }).apiKey;

/**
 * Makes an API user with a key in the sandbox, for one product.
 * @throws ConfigError naming the setting; AuthenticationError for a wrong subscription key; UnexpectedResponseError,
 * TransportError otherwise. Calling again makes another user.
 * Source: docs/providers/mtn-momo.md#api-user
 */
export async function provisionSandboxUser(
  settings: SandboxUserSettings,
  { transport, random }: Pick<Environment, 'transport' | 'random'>,
  options: CallOptions = {},
): Promise<SandboxUser> {
  const { callbackHost, ...sandbox } = parseConfig('mtnMomo', SettingsSchema, settings);
  const apiUser = asUuid(Buffer.from(random.bytes(16)).toString('hex'));
  parseApiUser(await transport(buildApiUser(sandbox, apiUser, callbackHost), options));
  const apiKey = parseApiKey(await transport(buildApiKey(sandbox, apiUser), options));
  return { apiUser, apiKey };
}

const keyOf = ({ subscriptionKey }: Sandbox): Readonly<Record<string, string>> => ({
  'ocp-apim-subscription-key': subscriptionKey,
});
