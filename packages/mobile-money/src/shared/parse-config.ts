import { ConfigError } from '@canza/core';
import type { z } from 'zod';

import { firstProblem } from './first-problem.ts';

/**
 * Checks a configuration once, where it is given.
 * @throws ConfigError naming the first bad field as `scope.field`; never the value, which may be a secret.
 */
export function parseConfig<Schema extends z.ZodType>(
  scope: string,
  schema: Schema,
  settings: unknown,
): z.output<Schema> {
  const result = schema.safeParse(settings);
  if (result.success) return result.data;
  throw new ConfigError(firstProblem(result.error, [scope]));
}
