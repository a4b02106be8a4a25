/** A block of rows under one heading. */
export interface TableSection {
  readonly heading: string;
  readonly rows: readonly (readonly [name: string, value: string])[];
}

/** Sections with their names in one column and their values in the next, for people. */
export function formatSections(sections: readonly TableSection[]): string {
  const width = Math.max(0, ...sections.flatMap(({ rows }) => rows.map(([name]) => name.length)));
  return sections
    .map(({ heading, rows }) =>
      [heading, '─'.repeat(heading.length), ...rows.map(([name, value]) => `  ${name.padEnd(width)}  ${value}`)].join(
        '\n',
      ),
    )
    .join('\n\n');
}
