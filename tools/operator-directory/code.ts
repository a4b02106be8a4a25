/** Writes values as TypeScript, one line an entry, so that a change in the source tables reads well in a diff. */

export const HEAD = `/** Generated from packages/mobile-money/data by \`node tools/operator-directory.ts\`. Change the tables, not this file. */\n`;

/** A literal: text in single quotes, bigint with its n, `undefined` entries left out. */
function literal(value: unknown): string {
  if (typeof value === 'string') return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
  if (typeof value === 'bigint') return `${value}n`;
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).filter(([, entry]) => entry !== undefined);
    return entries.length === 0
      ? '{}'
      : `{ ${entries.map(([key, entry]) => `${keyOf(key)}: ${literal(entry)}`).join(', ')} }`;
  }
  return String(value);
}

const keyOf = (key: string): string => (/^[A-Za-z_][A-Za-z0-9_]*$/.test(key) ? key : literal(key));

/** One exported constant, an entry a line. */
export function constant(
  name: string,
  doc: string,
  entries: Readonly<Record<string, unknown>>,
  suffix: string,
): string {
  const lines = Object.entries(entries).map(([key, value]) => `  ${keyOf(key)}: ${literal(value)},\n`);
  return `\n/** ${doc} */\nexport const ${name} = {\n${lines.join('')}}${suffix};\n`;
}
