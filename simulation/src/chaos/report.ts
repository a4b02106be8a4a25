import type { Violation } from './evidence.ts';
import type { ChaosResult } from './run.ts';

const states = (kept: readonly { readonly entry: { readonly state: string } }[]): string =>
  [...Map.groupBy(kept, ({ entry }) => entry.state)].map(([state, own]) => `${own.length} ${state}`).join(', ');

/** Why a person has to look, and at whose books. */
function reviews({ payments, settlements }: ChaosResult['evidence']): readonly (readonly [string, number])[] {
  const open = [...payments, ...settlements].filter(({ entry }) => entry.state === 'review').map(({ body }) => body);
  const whyOf = ({ attempts, evidence }: (typeof open)[number]): string => {
    const last = attempts.at(-1);
    const where = last !== undefined && 'provider' in last ? last.provider : 'the chain';
    return `${where}: ${evidence.findLast(({ code }) => code === 'REVIEW')?.detail ?? ''}`;
  };
  return [...Map.groupBy(open, whyOf)].map(([why, own]) => [why, own.length]);
}

/** What came of a run, in a few lines. */
export function writeResult({ evidence, violations, troubles, faults }: ChaosResult): string {
  const { stories, payments, settlements, movements, transfers } = evidence;
  const asks = stories.reduce((sum, each) => sum + each.asks.length, 0);
  const happened = Object.entries(troubles).map(([kind, count]) => `${count} × ${kind}`);
  return [
    `  ${happened.join(', ')}; ${faults} faults of operators and nodes`,
    `  ${stories.length} wishes, asked for ${asks} times`,
    `  payments: ${states(payments)}; ${movements.length} movements at operators`,
    ...reviews(evidence).map(([why, count]) => `    review, ${count} ×: ${why}`),
    `  settlements: ${states(settlements)}; ${transfers.length} transfers on the chain`,
    `  ${violations.length} violations`,
  ].join('\n');
}

const MOST_SHOWN = 20;

/** Each violation with both sides' story. */
export function writeViolations(seed: number, { violations, evidence }: ChaosResult): string {
  const shown = violations.slice(0, MOST_SHOWN).map((violation) => writeOne(violation, evidence));
  const more = violations.length - shown.length;
  return [`Seed ${seed} broke a rule:`, ...shown, ...(more > 0 ? [`and ${more} more`] : [])].join('\n\n');
}

function writeOne({ id, what }: Violation, evidence: ChaosResult['evidence']): string {
  const story = evidence.stories.find(({ intent, asks }) => intent === id || asks.some((ask) => ask.id === id));
  const asked = (story?.asks ?? []).map(({ id: under, amount, atMs, answer }) => {
    const said =
      answer === undefined ? 'nobody answered' : 'error' in answer ? answer.error : `${answer.status} ${answer.amount}`;
    return `${timeOf(atMs)} ${under} ${amount ?? ''}: ${said}`;
  });
  const kept = [...evidence.payments, ...evidence.settlements].find(({ entry }) => entry.id === id);
  const learned = (kept?.body.evidence ?? []).map(
    ({ atMs, source, attempt, moneyMoved, code = '', detail }) =>
      `${timeOf(atMs)} ${source}, attempt ${attempt}, ${moneyMoved}: ${code} ${detail}`,
  );
  const moved = evidence.movements
    .filter(({ msisdn, receipt }) => msisdn === story?.party || receipt === id)
    .map(
      ({ kind, receipt, amountMinor, currency, key = '-' }) => `${kind} ${receipt} ${amountMinor} ${currency} (${key})`,
    );
  const arrived = evidence.transfers.filter(({ to }) => to === story?.party).map(({ hash }) => `arrived with ${hash}`);
  const parts = { 'its caller': asked, 'its record': learned, 'the operator, the chain': [...moved, ...arrived] };
  const lines = Object.entries(parts).flatMap(([who, said]) => [`  ${who}`, ...said.map((line) => `    ${line}`)]);
  return [`${id}: ${what}`, ...lines].join('\n');
}

const timeOf = (atMs: number): string => new Date(atMs).toISOString().slice(11, 23);
