/**
 * What a payment costs at concurrency 32, beside bare axios with a cached token (= 1) and the clients that exist: one stub in a
 * process of its own, each contestant in one of its own, rounds interleaved, ratios within a round, medians with the middle half.
 * Redis is started here with its append-only file, or left out with a line that says so.
 *
 * `PAYMENTS`, `ROUNDS` and `ONLY` (part of a name) make it shorter.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';

import { CONTESTANTS } from './contestants.ts';
import type { Cost } from './lane.ts';
import { startRedis } from './own-redis.ts';

const PAYMENTS = Number(process.env['PAYMENTS'] ?? 6000);
const ROUNDS = Number(process.env['ROUNDS'] ?? 7);
const ONLY = process.env['ONLY'] ?? '';
/** Rounds that warm up: a service runs for days, and what it costs then is what counts. */
const WARM_UP = 2;

const ask = async <Answer>(child: ChildProcess, question: number): Promise<Answer> => {
  const answered = once(child, 'message') as Promise<[Answer]>;
  child.send(question);
  return (await answered)[0];
};

interface Seen {
  readonly tokens: number;
  readonly payments: number;
  readonly other: number;
  readonly bodyBytes: number;
}

const stub = fork(new URL('stub.ts', import.meta.url));
const [{ port }] = (await once(stub, 'message')) as [{ port: number }];
const baseUrl = `http://127.0.0.1:${port}`;
const redis = await startRedis();
if (redis === undefined) console.log('left out: what needs Redis, because there is no redis-server');

const [base = '', ...others] = Object.keys(CONTESTANTS);
const names = [
  base,
  ...others.filter((name) => name.includes(ONLY) && (redis !== undefined || !name.includes('Redis'))),
];
const lanes = new Map<string, ChildProcess>();
for (const name of names) {
  const lane = fork(new URL('lane.ts', import.meta.url), [name, baseUrl, redis?.url ?? '']);
  await once(lane, 'message');
  lanes.set(name, lane);
}

const costs = new Map<string, Cost[]>(names.map((name) => [name, []]));
const requests = new Map<string, string>();
for (let round = 0; round < ROUNDS + WARM_UP; round++) {
  for (const [name, lane] of lanes) {
    const cost = await ask<Cost>(lane, PAYMENTS);
    const { payments, tokens, other, bodyBytes } = await ask<Seen>(stub, 0);
    requests.set(
      name,
      `${((payments + tokens + other) / payments).toFixed(2)} requests, ${Math.round(bodyBytes / payments)} B`,
    );
    if (round >= WARM_UP) costs.get(name)?.push(cost);
  }
}

const quantile = (values: readonly number[], part: number): number =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * part))] ?? Number.NaN;
/** The median, with the first and third quarter. */
const show = (values: readonly number[], digits: number): string =>
  `${quantile(values, 0.5).toFixed(digits)} (${quantile(values, 0.25).toFixed(digits)}–${quantile(values, 0.75).toFixed(digits)})`;
const ratios = (name: string, kind: keyof Cost, to: string): number[] =>
  (costs.get(name) ?? []).map((cost, round) => (costs.get(to)?.[round]?.[kind] ?? Number.NaN) / cost[kind]);

/** The round that other work on the machine disturbed least. */
const least = (name: string): number => Math.min(...(costs.get(name) ?? []).map(({ cpu }) => cpu));

console.log(`${names.length} contestants, ${ROUNDS} rounds of ${PAYMENTS} payments; more × is faster\n`);
for (const name of names) {
  const wall = costs.get(name)?.map((cost) => 1e6 / cost.wall) ?? [];
  const cpu = costs.get(name)?.map((cost) => cost.cpu) ?? [];
  const cells = [
    name.padEnd(28),
    `${show(ratios(name, 'wall', base), 2).padEnd(18)} × axios`,
    `${show(wall, 0).padEnd(22)} a second`,
    `${show(cpu, 0).padEnd(16)} µs CPU`,
    `${show(ratios(name, 'cpu', base), 2).padEnd(18)} × by CPU`,
    `least ${least(name).toFixed(0)} µs, ${(least(base) / least(name)).toFixed(2)} ×`,
    requests.get(name),
  ];
  console.log(cells.join('  '));
}
console.log();
for (const [name, to, asked] of [
  ['bridge, journal in memory', 'mpesa-api 3.0.2', 1.3],
  ['bridge, journal in memory', 'mpesa-node 0.1.3', 5],
  ['bridge, MTN MoMo', 'mtn-momo 2.0.0', 1.6],
] as const) {
  if (!names.includes(name) || !names.includes(to)) continue;
  const [wall, cpu] = [ratios(name, 'wall', to), ratios(name, 'cpu', to)].map((values) => show(values, 2));
  const shown = `${wall} ×, by CPU ${cpu} ×, by least CPU ${(least(to) / least(name)).toFixed(2)} ×`;
  console.log(`${name} beside ${to}: ${shown} (asked: ${asked} ×)`);
}

for (const lane of lanes.values()) lane.disconnect();
stub.disconnect();
await redis?.stop();
