import type { FieldProblem } from '@canza/core';
import type { z } from 'zod';

/**
 * What was wrong first, in the words of the schema: each part of a schema carries its own `error` that completes
 * "expected …". Names the field, never its value, which may be a secret.
 */
export function firstProblem(error: z.ZodError, scope: readonly string[] = []): FieldProblem {
  const [issue] = error.issues;
  const path = [...scope, ...(issue?.path ?? [])];
  if (issue?.code === 'unrecognized_keys') {
    return { field: [...path, ...issue.keys.slice(0, 1)].join('.'), expected: 'no such field: it is not known here' };
  }
  return { field: path.length === 0 ? 'request' : path.join('.'), expected: issue?.message ?? 'another value' };
}
