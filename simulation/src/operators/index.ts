import { createSeededRandom } from '@canza/core/testing';
import { CALLBACK_FAULT_KINDS, type Fault, REQUEST_FAULT_KINDS } from '@canza/sandbox';

import type { Chance } from '../chance.ts';
import type { Knobs } from '../knobs.ts';
import { playAirtel } from './airtel-money.ts';
import { playMpesa } from './mpesa.ts';
import { playMomo } from './mtn-momo.ts';
import type { OperatorPorts, PlayedOperator } from './operator.ts';
import { playVodacom } from './vodacom-mpesa.ts';

/** Ways to the same wallets: one operator, or two contracts with it. */
export type Ways = readonly [PlayedOperator, ...PlayedOperator[]];

type Play = (ports: OperatorPorts) => Ways;

const PLAYS = [
  (ports) => [playMpesa(ports)],
  (ports) => [playMomo('mtn-momo', ports), playMomo('mtn-second', ports)],
  (ports) => [playAirtel('airtel-money', ports), playAirtel('airtel-second', ports)],
  (ports) => [playVodacom(ports)],
] as const satisfies readonly [Play, ...Play[]];

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

/** From shortly after the timeout of a send to days. */
const LATE_MS = [SECOND_MS, 20 * SECOND_MS, MINUTE_MS, 10 * MINUTE_MS, 3 * HOUR_MS, 50 * HOUR_MS] as const;
const SLOW_MS = [5 * SECOND_MS, 20 * SECOND_MS, 45 * SECOND_MS, 2 * MINUTE_MS] as const;

/** Some of the operators, with their faults drawn. */
export function playOperators(ports: OperatorPorts, knobs: Knobs): readonly Ways[] {
  const { chance } = ports;
  const plays: Play[] = [...PLAYS];
  const chosen: Ways[] = [];
  for (let count = 0; count < knobs.operators; count++) {
    const [play] = plays.splice(chance.index(plays.length), 1);
    if (play !== undefined) chosen.push(play(ports));
  }
  for (const { faults } of chosen.flat()) {
    faults.draw({
      random: createSeededRandom(chance.seed()),
      share: knobs.requestFault,
      candidates: requestFaults(chance),
    });
    faults.draw({
      random: createSeededRandom(chance.seed()),
      share: knobs.callbackFault,
      candidates: CALLBACK_FAULT_KINDS.map(
        (kind): Fault => ({ stage: 'callback', kind, delayMs: chance.pick(LATE_MS) }),
      ),
    });
  }
  return chosen;
}

/** Kinds that leave open whether the operator has accepted. */
const LEAVE_OPEN: ReadonlySet<string> = new Set(['server-error', 'html', 'hang']);

const requestFaults = (chance: Chance): readonly Fault[] =>
  (['token', 'submit', 'query'] as const).flatMap((stage) =>
    REQUEST_FAULT_KINDS.flatMap((kind): Fault[] => {
      const accepted = chance.happens(0.5);
      if (kind === 'slow') return [{ stage, kind, accepted, delayMs: chance.pick(SLOW_MS) }];
      return [{ stage, kind, ...(LEAVE_OPEN.has(kind) ? { accepted } : {}) }];
    }),
  );
