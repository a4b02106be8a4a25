import { ConfigError } from '@canza/core';
import type { z } from 'zod';

/** The field that was wrong first, and what was expected of it, in the schema's own words; never its value. */
function firstProblem(error: z.ZodError, scope: string): { readonly field: string; readonly expected: string } {
  const [issue] = error.issues;
  const path = [scope, ...(issue?.path ?? [])].map(String);
  if (issue?.code === 'unrecognized_keys') {
    return { field: [...path, ...issue.keys.slice(0, 1)].join('.'), expected: 'no such field: it is not known here' };
  }
  return { field: path.join('.'), expected: issue?.message ?? 'another value' };
}

/** Checks settings once, where they are given. @throws ConfigError naming the first bad field; never the value. */
export function parseConfig<Schema extends z.ZodType>(
  scope: string,
  schema: Schema,
  settings: unknown,
): z.output<Schema> {
  const result = schema.safeParse(settings);
  if (result.success) return result.data;
  throw new ConfigError(firstProblem(result.error, scope));
}
