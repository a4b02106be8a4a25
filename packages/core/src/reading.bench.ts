import { it } from 'vitest';

import { parseMoney, toOperatorAmount } from './money.ts';
import { parseMsisdn } from './msisdn.ts';
import { parsePhone } from './numbering.ts';
import { redactText } from './redact.ts';

// oxlint-disable-next-line vitest/expect-expect -- figures to read: how fast it is, the machine decides.
it('what our rules add to the library that reads a number', async ({ bench }) => {
  await bench.compare(
    bench('the library alone', () => void parsePhone('+254712345678')),
    bench('parseMsisdn, international', () => void parseMsisdn('+254712345678')),
    bench('parseMsisdn, national', () => void parseMsisdn('0712 345 678', { country: 'KE' })),
  );
});

// oxlint-disable-next-line vitest/expect-expect -- figures to read: how fast it is, the machine decides.
it('what an amount costs beside a number that would be wrong', async ({ bench }) => {
  await bench.compare(
    bench('Number', () => void Number('1000.50').toFixed(2)),
    bench('parseMoney and back', () => void toOperatorAmount(parseMoney('1000.50', 'KES'), 2)),
  );
});

const page = `<html><body>Access denied ${'<p>reason and more</p>'.repeat(2000)}</body></html>`;

// oxlint-disable-next-line vitest/expect-expect -- figures to read: how fast it is, the machine decides.
it('what redaction costs: one sentence, and a page of which only the beginning is read', async ({ bench }) => {
  await bench.compare(
    bench('a sentence', () => void redactText('The initiator information is invalid.')),
    bench('a page of 44 kB', () => void redactText(page)),
  );
});
