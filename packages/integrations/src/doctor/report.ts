import type { Examination } from './examine.ts';

const MARKS = { ok: 'ok  ', warn: 'warn', fail: 'FAIL' } as const;

/** The findings as lines for a person, the worst last, where a terminal leaves them in sight. */
export function formatExamination({ verdict, findings }: Examination): string {
  const order = ['ok', 'warn', 'fail'];
  const width = Math.max(0, ...findings.map(({ about }) => about.length));
  const lines = findings
    .toSorted((a, b) => order.indexOf(a.verdict) - order.indexOf(b.verdict))
    .flatMap(({ verdict: each, about, what, todo }) => [
      `${MARKS[each]}  ${about.padEnd(width)}  ${what}`,
      ...(todo === undefined ? [] : [`${' '.repeat(width + 8)}${todo}`]),
    ]);
  const count = (each: string): number => findings.filter((finding) => finding.verdict === each).length;
  const sum = `${count('ok')} ok, ${count('warn')} to know of, ${count('fail')} to mend`;
  const close = { ok: 'Ready.', warn: 'Ready, if you know what you are doing.', fail: 'Not ready for real money.' }[
    verdict
  ];
  return `${[...lines, '', `${sum}. ${close}`].join('\n')}\n`;
}
