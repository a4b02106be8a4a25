import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { ATTRIBUTES, METRICS, type MetricDefinition } from '@canza/core/opentelemetry';
import { parser } from '@prometheus-io/lezer-promql';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

const operations = new URL('../../../docs/operations/', import.meta.url);
const read = (name: string): string => readFileSync(fileURLToPath(new URL(name, operations)), 'utf8');

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly labels: { readonly severity: string };
  readonly annotations: { readonly summary: string; readonly runbook: string };
}
interface Panel {
  readonly title: string;
  readonly targets: readonly { readonly expr: string; readonly legendFormat: string }[];
}

const { groups } = parse(read('alerts.yaml')) as { readonly groups: readonly { readonly rules: readonly Rule[] }[] };
const rules = groups.flatMap((group) => group.rules);
const { panels } = JSON.parse(read('dashboard.json')) as { readonly panels: readonly Panel[] };
const expressions = [
  ...rules.map(({ alert, expr }) => [alert, expr] as const),
  ...panels.flatMap(({ title, targets }) => targets.map(({ expr }) => [title, expr] as const)),
];

/** How names arrive over OTLP, in the collector's exporter and in Prometheus's own receiver. */
const underscored = (name: string): string => name.replaceAll('.', '_');
function seriesOf({ name, kind, unit }: MetricDefinition): string[] {
  const base = underscored(name) + (unit === 's' ? '_seconds' : '');
  if (kind === 'histogram') return ['_bucket', '_count', '_sum'].map((suffix) => base + suffix);
  return [kind === 'gauge' ? base : `${base}_total`];
}
const series = new Set(Object.values(METRICS).flatMap(seriesOf));
const labels = new Set([...Object.values(ATTRIBUTES).map(underscored), 'le']);

/** What an expression names, by the grammar of Prometheus itself. */
function namesIn(expr: string): { readonly series: string[]; readonly labels: string[]; readonly broken: boolean } {
  const found = { series: [] as string[], labels: [] as string[], broken: false };
  parser.parse(expr).iterate({
    enter({ type, node }) {
      const text = expr.slice(node.from, node.to);
      if (type.isError) found.broken = true;
      if (node.name === 'VectorSelector') {
        const metric = node.getChild('Identifier');
        if (metric !== null) found.series.push(expr.slice(metric.from, metric.to));
      }
      if (node.name === 'LabelName') found.labels.push(text);
    },
  });
  return found;
}

describe('the dashboard and the alert rules', () => {
  it.each(expressions)('%s asks only for metrics and labels that the code has', (_title, expr) => {
    const named = namesIn(expr);
    expect(named.broken).toBe(false);
    expect(named.series.length).toBeGreaterThan(0);
    expect(named.series.filter((name) => !series.has(name))).toEqual([]);
    expect(named.labels.filter((name) => !labels.has(name))).toEqual([]);
  });

  it('name only labels in legends and summaries that the code has', () => {
    const texts = [
      ...rules.map(({ annotations }) => annotations.summary),
      ...panels.flatMap(({ targets }) => targets.map(({ legendFormat }) => legendFormat)),
    ];
    const named = texts.flatMap((text) =>
      [...text.matchAll(/\{\{\s*(?:\$labels\.)?(\w+)\s*\}\}/g)].map(([, label]) => label ?? ''),
    );
    expect(named.length).toBeGreaterThan(5);
    expect(named.filter((label) => !labels.has(label))).toEqual([]);
  });

  it('leave out no metric', () => {
    const used = new Set(expressions.flatMap(([, expr]) => namesIn(expr).series));
    const unused = Object.values(METRICS).filter((metric) => !seriesOf(metric).some((name) => used.has(name)));
    // Not worth a look of their own: how many commands Redis answered, and how often it was connected to.
    expect(unused.map(({ name }) => name)).toEqual(['canza.redis.replies', 'canza.redis.connections']);
  });

  it.each(rules)('$alert sends whoever is woken to a page that says what to do', ({ labels: given, annotations }) => {
    expect(annotations.runbook).toMatch(/^docs\/operations\/runbook\.md#[a-z-]+$/);
    expect(['page', 'ticket']).toContain(given.severity);
  });

  it('are explained with every name on the page of telemetry', () => {
    const page = read('telemetry.md');
    const names = [...Object.values(METRICS).map(({ name }) => name), ...Object.values(ATTRIBUTES)];
    expect(names.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
  });
});

it('the page of log lines quotes lines that are logged', () => {
  const packages = fileURLToPath(new URL('../../../packages/', import.meta.url));
  const sources = globSync('*/src/**/*.ts', { cwd: packages }).filter((file) => !file.includes('.test'));
  const code = sources.map((file) => readFileSync(`${packages}${file}`, 'utf8')).join('\n');
  const rows = read('logs.md').match(/^\| (?:error|warn|info) \|.*$/gm) ?? [];
  const quoted = rows.flatMap((row) => [...(row.split('|')[2] ?? '').matchAll(/`([^`]+)`/g)].map(([, line]) => line));
  expect(quoted.length).toBeGreaterThan(5);
  expect(quoted.filter((line = '') => !code.includes(`'${line}'`))).toEqual([]);
});
