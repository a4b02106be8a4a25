import type { SourceOperator } from './operators.ts';
import { checkOrigin, type Source } from './sources.ts';
import { listOf, oneOf, readTable, TableError } from './table.ts';

const COLUMNS = ['operator', 'prompt', 'revive', 'dial', 'then', 'lives', 'again', 'source', 'date'] as const;

export interface SourcePrompt {
  readonly operator: string;
  readonly appears: string;
  readonly revive: string;
  readonly dial: string;
  readonly choices: readonly string[];
  readonly livesSeconds: number | undefined;
  readonly againSeconds: number | undefined;
  readonly asOf: string;
}

export function readPrompts(
  text: string,
  operators: readonly SourceOperator[],
  sources: readonly Source[],
): SourcePrompt[] {
  return readTable('prompts.md', text, COLUMNS).map((row) => {
    const { at, dial } = row;
    checkOrigin(row, sources);
    if (!operators.some(({ id }) => id === row.operator)) throw new TableError(at, `"${row.operator}" is not known`);
    if (dial !== '' && !/^[*#][\d*]+#$/.test(dial)) throw new TableError(at, `"${dial}" cannot be dialled`);
    const choices = listOf(row.then);
    for (const choice of choices) {
      if (!/^(?:\d{1,2}|#|currency)$/.test(choice)) throw new TableError(at, `"${choice}" is no choice in a menu`);
    }
    return {
      operator: row.operator,
      appears: oneOf(row.prompt, ['automatic', 'by-hand', ''], at),
      revive: oneOf(row.revive, ['yes', 'no', ''], at),
      dial,
      choices,
      livesSeconds: seconds(row.lives, at),
      againSeconds: seconds(row.again, at),
      asOf: row.date,
    };
  });
}

function seconds(cell: string, at: string): number | undefined {
  if (cell === '') return undefined;
  if (!/^[1-9]\d{0,3}$/.test(cell)) throw new TableError(at, `"${cell}" is no number of seconds`);
  return Number(cell);
}
