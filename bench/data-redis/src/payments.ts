import { createHash } from 'node:crypto';

/** Draws that are the same on every run. */
function draws(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 0x1_0000_0000) * below);
  };
}

const hex = (text: string, length: number): string => createHash('sha256').update(text).digest('hex').slice(0, length);

/** A payment as a journal holds it: about 900 bytes of JSON, with ids and digests that no compression can shrink. */
function payment(seed: number): unknown {
  const draw = draws(seed);
  const pick = <T>(from: readonly T[]): T => from[draw(from.length)] as T;
  const atMs = 1_767_225_600_000 + draw(1_000_000_000);
  return {
    kind: 'payment',
    id: `tx_${hex(`id ${seed}`, 16)}`,
    version: 1 + draw(6),
    state: pick(['pending', 'succeeded', 'failed', 'review']),
    dueAtMs: atMs + draw(60_000),
    references: [`mpesa:${hex(`ref ${seed}`, 32)}`, `mpesa:checkout:ws_CO_${draw(1e9)}${draw(1e8)}`],
    tags: [`phone:${hex(`phone ${seed}`, 64)}`],
    createdAtMs: atMs,
    updatedAtMs: atMs + draw(60_000),
    body: {
      type: pick(['collection', 'disbursement']),
      amount: { minor: String(draw(10_000_000)), currency: pick(['KES', 'UGX', 'GHS']) },
      description: pick(['Payment for services', 'School fees term 2', 'Airtime', 'Invoice 2231']),
      moneyMoved: pick(['maybe', 'yes', 'no']),
      attempts: [
        {
          number: 1,
          route: 'mpesa:KE:collection',
          reference: hex(`attempt ${seed}`, 32),
          evidence: [
            {
              source: 'reply',
              atMs,
              code: pick(['0', '1032', '1037']),
              text: 'Success. Request accepted for processing',
            },
            { source: 'query', atMs: atMs + draw(60_000), code: '0', text: 'The request is processed successfully.' },
          ],
        },
      ],
    },
  };
}

/** As many payments as fill so many bytes of JSON, at least one. */
export function payments(bytes: number, seed = 1): unknown[] {
  const records: unknown[] = [];
  let length = 2;
  for (let index = 0; length < bytes || records.length === 0; index++) {
    const next = payment(seed * 1_000 + index);
    length += JSON.stringify(next).length + 1;
    records.push(next);
  }
  return records;
}
