import { frameworkError } from './replies.ts';

/** The fields of a JSON body. @throws RestError like the node, which tells what its parser met. */
export function readJsonBody(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // Told below.
  }
  const what = text === '' ? 'EOF while parsing a value at line 1 column 0' : 'expected value at line 1 column 1';
  throw frameworkError(`parse request payload error: ${what}`);
}
