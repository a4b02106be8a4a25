import { keyOf } from '../compile.ts';
import { type AnyMenu, type AnyScreen, type Target } from '../menu.ts';

/** The menu as a Mermaid flow chart in its first language: paste it into any Markdown that draws them. */
export function drawMenu(menu: AnyMenu): string {
  const [language] = menu.languages;
  const ids = new Map(Object.keys(menu.screens).map((name, index) => [name, `s${index}`]));
  const lines = ['flowchart TD'];
  for (const [name, screen] of Object.entries<AnyScreen>(menu.screens)) {
    const [open, close] = SHAPES[screen.kind];
    lines.push(`  ${ids.get(name)}${open}"${quote(name)}"${close}`);
  }
  const arrow = (from: string, label: string, target: Target<string, string>): void => {
    const ways: readonly (readonly [string, string])[] =
      typeof target === 'string'
        ? [[label, target]]
        : [
            ...Object.entries(target.cases).map(([value, to]) => [`${label}, ${target.by} = ${value}`, to] as const),
            [`${label}, otherwise`, target.otherwise],
          ];
    for (const [text, to] of ways) lines.push(`  ${ids.get(from)} -->|"${quote(text)}"| ${ids.get(to)}`);
  };
  for (const [name, screen] of Object.entries<AnyScreen>(menu.screens)) {
    switch (screen.kind) {
      case 'choice':
        for (const [index, option] of screen.options.entries()) {
          arrow(name, `${keyOf(option, index)}. ${option.label[language] ?? ''}`, option.to);
        }
        break;
      case 'input':
        arrow(name, screen.field, screen.to);
        break;
      case 'list':
        arrow(name, screen.field, screen.to);
        arrow(name, 'nothing to choose', screen.empty);
        break;
      case 'confirm':
        arrow(name, 'yes', screen.yes);
        arrow(name, 'no', screen.no);
        break;
      case 'end':
        break;
    }
  }
  return lines.join('\n');
}

const SHAPES = {
  choice: ['[', ']'],
  input: ['[/', '/]'],
  list: ['[[', ']]'],
  confirm: ['{', '}'],
  end: ['([', '])'],
} as const satisfies Record<AnyScreen['kind'], readonly [string, string]>;

const quote = (text: string): string => text.replaceAll('"', '#quot;').replaceAll('\n', ' ');
