import type { GatewayRequest } from './gateway.ts';

/** The fields of a request: of its JSON or form body, else of its query. Unreadable is empty. */
export type Fields = Readonly<Record<string, unknown>>;

export type FieldSource = 'body' | 'query';

export function readFields({ body, query, contentType }: GatewayRequest, source: FieldSource = 'body'): Fields {
  if (source === 'query') return Object.fromEntries(query);
  const start = body.trimStart();
  if (contentType.includes('json') || start.startsWith('{')) return readJson(start);
  return Object.fromEntries(new URLSearchParams(body));
}

function readJson(body: string): Fields {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
  } catch {
    return {};
  }
}

/** A field as text, under its name in any case; `undefined` when it is missing or no scalar. */
export function fieldOf(fields: Fields, name: string): string | undefined {
  const value = Object.hasOwn(fields, name) ? fields[name] : fields[keyInAnyCase(fields, name) ?? name];
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}

function keyInAnyCase(fields: Fields, name: string): string | undefined {
  const wanted = name.toLowerCase();
  return Object.keys(fields).find((key) => key.toLowerCase() === wanted);
}

/** Whether a field says yes, as JSON or as text. */
export const isYes = (value: string | undefined): boolean => value !== undefined && /^(?:true|1|yes)$/i.test(value);

/** A code as a path of entries: without the star in front and the hash behind. */
const bare = (text: string): string => text.trim().replace(/^\*/, '').replace(/#$/, '');

/**
 * The entries in a dialled string behind the service code: `*713*4*1*2#` of `*713*4#` gives `1`, `2`. Empty when the string is
 * not that code's.
 */
export function dialledBehind(dialled: string, serviceCode: string): readonly string[] {
  const [text, code] = [bare(dialled), bare(serviceCode)];
  if (code === '' || !text.startsWith(`${code}*`)) return [];
  return text.slice(code.length + 1).split('*');
}

/** The hop of a gateway that sends the last entry alone and says what is new: the first carries the dialled string. */
export const newOrNext = (
  isNew: boolean,
  entry: string,
  serviceCode: string,
): { readonly input: 'last'; readonly text: string; readonly isNew: boolean; readonly dialled?: readonly string[] } =>
  isNew
    ? { input: 'last', text: '', isNew, dialled: dialledBehind(entry, serviceCode) }
    : { input: 'last', text: entry, isNew };

/** Properties that have a value, to be spread where a type wants a property left out rather than `undefined`. */
export const given = <K extends string>(name: K, value: string | undefined): { readonly [P in K]?: string } =>
  (value === undefined || value === '' ? {} : { [name]: value }) as { readonly [P in K]?: string };

export const withPlus = (digits: string): string => (/^[1-9]\d{6,14}$/.test(digits) ? `+${digits}` : digits);
