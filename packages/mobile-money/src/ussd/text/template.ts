/** Text with `{name}` where a value goes. */

export interface Template {
  /** `literals[i]` stands before `names[i]`; there is one literal more than names. */
  readonly literals: readonly string[];
  readonly names: readonly string[];
}

const PLACEHOLDER = /\{([A-Za-z][A-Za-z0-9]*)\}/g;

export function parseTemplate(text: string): Template {
  const literals: string[] = [];
  const names: string[] = [];
  let from = 0;
  for (const match of text.matchAll(PLACEHOLDER)) {
    literals.push(text.slice(from, match.index));
    names.push(match[1] ?? '');
    from = match.index + match[0].length;
  }
  literals.push(text.slice(from));
  return { literals, names };
}

export const isFixed = (template: Template): boolean => template.names.length === 0;

export function fillTemplate({ literals, names }: Template, valueOf: (name: string, index: number) => string): string {
  let text = literals[0] ?? '';
  for (let index = 0; index < names.length; index++) {
    text += valueOf(names[index] ?? '', index) + (literals[index + 1] ?? '');
  }
  return text;
}
