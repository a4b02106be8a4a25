import type { RedisConnection, RunOptions } from './connection.ts';

/** How keys are looked through. */
export interface ScanOptions extends RunOptions {
  /** Keys that Redis looks at for one page: it serves others between pages. Default 1,000. */
  readonly pageSize?: number;
}

/**
 * Goes through the keys that begin as given, page by page, on every master of a cluster. What is there from beginning to end
 * is met, possibly twice; what comes or goes meanwhile may be.
 */
export async function* scanKeys(
  connection: RedisConnection,
  prefix: string,
  pattern: string,
  { pageSize = 1_000, ...options }: ScanOptions = {},
): AsyncGenerator<readonly string[]> {
  const matching = escapePattern(prefix) + pattern;
  for (const node of connection.nodes()) {
    try {
      yield* scanNode(node, prefix, ['MATCH', matching, 'COUNT', pageSize], { ...options, repeatable: true });
    } finally {
      // oxlint-disable-next-line no-await-in-loop
      if (node !== connection) await node.close();
    }
  }
}

async function* scanNode(
  node: RedisConnection,
  prefix: string,
  rest: readonly (string | number)[],
  options: RunOptions,
): AsyncGenerator<readonly string[]> {
  let cursor = '0';
  do {
    // Each page begins where the one before has ended.
    // oxlint-disable-next-line no-await-in-loop
    const [next, keys] = (await node.run('scan', [cursor, ...rest], options)) as [string, string[]];
    if (keys.length > 0) yield keys.map((key) => key.slice(prefix.length));
    cursor = next;
  } while (cursor !== '0');
}

const escapePattern = (text: string): string => text.replace(/[*?[\]\\]/g, String.raw`\$&`);
