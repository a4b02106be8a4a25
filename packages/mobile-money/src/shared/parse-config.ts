import { ConfigError } from '@canza/core';
import type { z } from 'zod';

/**
 * Checks a configuration once, where it is given.
 * Each schema carries its own `error` in words that complete "expected …".
 * @throws ConfigError naming the first bad field as `scope.field`; never the value, which may be a secret.
 */
export function parseConfig<Schema extends z.ZodType>(
  scope: string,
  schema: Schema,
  settings: unknown,
): z.output<Schema> {
  const result = schema.safeParse(settings);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  if (issue?.code === 'unrecognized_keys') {
    throw new ConfigError({
      field: [scope, ...issue.keys.slice(0, 1)].join('.'),
      expected: 'no such field: it is not known here',
    });
  }
  throw new ConfigError({
    field: [scope, ...(issue?.path ?? [])].join('.'),
    expected: issue?.message ?? 'another value',
  });
}
