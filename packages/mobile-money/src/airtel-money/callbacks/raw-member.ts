/**
 * The text of one member of a JSON object, byte for byte as it was sent, because a hash was made over it. Returns `undefined` where the
 * text is no JSON object, or has no such member, or has two: then nobody can say which one is meant.
 */
export function rawMember(json: string, name: string): string | undefined {
  if (!isObject(json)) return undefined;
  let found: string | undefined;
  let at = afterBlanks(json, json.indexOf('{') + 1);
  while (json[at] !== '}') {
    const keyEnd = afterString(json, at);
    const valueStart = afterBlanks(json, afterBlanks(json, keyEnd) + 1);
    const valueEnd = afterValue(json, valueStart);
    if (JSON.parse(json.slice(at, keyEnd)) === name) {
      if (found !== undefined) return undefined;
      found = json.slice(valueStart, valueEnd);
    }
    const next = afterBlanks(json, valueEnd);
    at = json[next] === ',' ? afterBlanks(json, next + 1) : next;
  }
  return found;
}

/** What follows may rely on well-formed JSON. */
function isObject(text: string): boolean {
  try {
    const value = JSON.parse(text) as unknown;
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

function afterBlanks(json: string, from: number): number {
  let at = from;
  while (' \t\r\n'.includes(json[at] ?? 'x')) at++;
  return at;
}

function afterString(json: string, from: number): number {
  let at = from + 1;
  while (json[at] !== '"') at += json[at] === '\\' ? 2 : 1;
  return at + 1;
}

function afterValue(json: string, from: number): number {
  const first = json[from] ?? '';
  if (first === '"') return afterString(json, from);
  let at = from;
  if (first !== '{' && first !== '[') {
    while (!',}] \t\r\n'.includes(json[at] ?? ',')) at++;
    return at;
  }
  let depth = 0;
  do {
    const character = json[at] ?? '';
    if (character === '"') {
      at = afterString(json, at);
      continue;
    }
    if (character === '{' || character === '[') depth++;
    if (character === '}' || character === ']') depth--;
    at++;
  } while (depth > 0);
  return at;
}
