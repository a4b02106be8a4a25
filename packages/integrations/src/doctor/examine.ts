import {
  ConfigError,
  type HttpResponse,
  safeCause,
  silentLogger,
  systemClock,
  systemRandom,
  type Transport,
  withDeadline,
} from '@canza/core';
import { checkConfig } from '../check-config.ts';
import type { IntegrationsConfig } from '../config.ts';
import { loadOperators } from '../load-operators.ts';
import { Resources } from '../resources.ts';
import { callbackAddress } from './callback-address.ts';
import { certificates } from './certificates.ts';
import { type Check, type Finding, fail, type HeardTime, type Surroundings } from './check.ts';
import { clocks } from './clocks.ts';
import { durability } from './durability.ts';
import { operators } from './operators.ts';
import { type Probes, systemProbes } from './probes.ts';
import { settings } from './settings.ts';
import { settlement } from './settlement.ts';

/** Everything that is looked at, in this order: clocks are judged by what operators said before. */
export const CHECKS: readonly Check[] = [
  settings,
  certificates,
  durability,
  callbackAddress,
  operators,
  settlement,
  clocks,
];

/** What is looked at, and how patiently. */
export interface ExamineOptions {
  /** Default {@link CHECKS}; yours beside them: `[...CHECKS, mine]`. */
  readonly checks?: readonly Check[];
  /** Default the machine's own name service and sockets. */
  readonly probes?: Probes;
  /** Milliseconds that one question may take. Default 10,000. A check has three times as long. */
  readonly timeoutMs?: number;
}

/** What was found. */
export interface Examination {
  /** The worst of all findings. */
  readonly verdict: Finding['verdict'];
  readonly findings: readonly Finding[];
}

/**
 * Goes through what has to be true before real money moves: settings, certificates, durability of what is kept, the callback
 * address, credentials, clocks. Asks operators and servers and changes nothing. Its findings hold no secret. Never throws: what
 * cannot be looked at is a finding.
 */
export async function examine(config: IntegrationsConfig, options: ExamineOptions = {}): Promise<Examination> {
  const { checks = CHECKS } = options;
  const resources = new Resources();
  const findings: Finding[] = [];
  try {
    const around = await surroundingsOf(config, options, resources);
    for (const check of checks) {
      // oxlint-disable-next-line no-await-in-loop -- a later one uses what an earlier one heard
      findings.push(...(await runCheck(check, around)));
    }
  } catch (error) {
    findings.push(misconfigured(error));
  } finally {
    await resources.close().catch(() => undefined);
  }
  const worst = (['fail', 'warn'] as const).find((verdict) => findings.some((each) => each.verdict === verdict));
  return { verdict: worst ?? 'ok', findings };
}

async function surroundingsOf(
  config: IntegrationsConfig,
  { probes = systemProbes, timeoutMs = 10_000 }: ExamineOptions,
  resources: Resources,
): Promise<Surroundings> {
  checkConfig(config);
  const { clock = systemClock, random = systemRandom, logger = silentLogger } = config;
  const heard: HeardTime[] = [];
  const listen = (url: string, { headers }: HttpResponse, ourMs: number): void => {
    const theirMs = Date.parse(headers['date'] ?? '');
    if (Number.isFinite(theirMs)) heard.push({ host: new URL(url).host, theirMs, ourMs });
  };
  const carry = config.transport ?? (await openTransport(resources));
  const transport: Transport = async (request, call) => {
    const askedMs = clock.nowMs();
    const response = await carry(request, call);
    listen(request.url, response, (askedMs + clock.nowMs()) / 2);
    return response;
  };
  const factories = await loadOperators(config);
  const providers = factories.map((factory) => factory({ transport, clock, random, logger }));
  const hear = (time: HeardTime): void => void heard.push(time);
  return { config, providers, clock, random, logger, transport: carry, probes, heard, hear, timeoutMs };
}

async function openTransport(resources: Resources): Promise<Transport> {
  const { createHttpTransport } = await import('@canza/mobile-money/transport');
  const transport = createHttpTransport();
  resources.hold(() => transport.close());
  return transport;
}

async function runCheck(check: Check, around: Surroundings): Promise<readonly Finding[]> {
  try {
    const deadline = { what: check.name, timeoutMs: around.timeoutMs * 3 };
    return await withDeadline(around.clock, deadline, async () => check.run(around));
  } catch (error) {
    return ConfigError.isInstance(error) ? [misconfigured(error)] : [broken(check, error)];
  }
}

function broken({ name }: Check, error: unknown): Finding {
  const { message } = safeCause(error);
  return fail(name, `this could not be looked at: ${message}`, 'correct that, and look again');
}

function misconfigured(error: unknown): Finding {
  if (!ConfigError.isInstance(error)) return fail('configuration', safeCause(error).message, 'correct it');
  return fail('configuration', `the field "${error.field}" is not usable`, `it has to be ${error.expected}`);
}
