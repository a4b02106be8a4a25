import { CALLBACK_FAULT_KINDS, type Fault, REQUEST_FAULT_KINDS, type RequestFaultKind } from '@canza/sandbox';
import { describe, expect, it } from 'vitest';

import { payThrough } from './support/operator-journey.ts';
import { OPERATOR_CASES } from './support/operators.ts';

/** Kinds that leave open whether the operator has accepted. */
const OPEN_KINDS: readonly RequestFaultKind[] = ['server-error', 'html', 'slow', 'hang'];

const FAULTS: readonly Fault[] = [
  ...(['token', 'submit', 'query'] as const).flatMap((stage) =>
    REQUEST_FAULT_KINDS.flatMap((kind): Fault[] =>
      OPEN_KINDS.includes(kind)
        ? [
            { stage, kind, accepted: true },
            { stage, kind, accepted: false },
          ]
        : [{ stage, kind }],
    ),
  ),
  ...CALLBACK_FAULT_KINDS.map((kind): Fault => ({ stage: 'callback', kind })),
];

const nameOf = (fault: Fault): string =>
  `${fault.stage}: ${fault.kind}${'accepted' in fault ? `, ${fault.accepted ? 'accepted' : 'not accepted'}` : ''}`;

describe.each(OPERATOR_CASES)(
  '$name, $type: the record says what happened, and nothing secret is shown',
  (operator) => {
    const phones =
      operator.type === 'collection' ? (['approve', 'decline', 'insufficient-funds'] as const) : (['approve'] as const);

    it('without a fault', async () => {
      const { status, verdict } = await payThrough(operator, () => undefined);
      expect({ status, verdict }).toEqual({ status: 'succeeded', verdict: 'right' });
    });

    it.each(FAULTS.map((fault) => ({ title: nameOf(fault), fault })))('$title', async ({ fault }) => {
      for (const times of [1, Infinity]) {
        for (const phone of phones) {
          const { verdict } = await payThrough(operator, ({ faults, handset }) => {
            handset.setDefault(phone);
            faults.add({ ...fault, times });
          });
          expect(verdict, `${phone}, ${times === 1 ? 'once' : 'for good'}`).toBe('right');
        }
      }
    });
  },
);
