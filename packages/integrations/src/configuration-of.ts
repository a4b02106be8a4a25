import { ConfigError } from '@canza/core';
import type { IntegrationsConfig } from './config.ts';
import { VARIABLES, type VariableKind } from './variables.ts';

const PREFIX = 'CANZA_';
const FILE = '_FILE';

/** The variable of a field: `mtnMomo.collection.apiKey` is CANZA_MTN_MOMO_COLLECTION_API_KEY. */
export const variableOf = (path: string): string =>
  PREFIX +
  path
    .replaceAll(/([a-z])([A-Z])/g, '$1_$2')
    .replaceAll('.', '_')
    .toUpperCase();

const FIELDS: ReadonlyMap<string, readonly [path: string, kind: VariableKind]> = new Map(
  Object.entries(VARIABLES).map(([path, kind]) => [variableOf(path), [path, kind]]),
);

/** What our variables begin with; others behind the prefix are somebody else's. */
const SECTIONS = [...new Set(Object.keys(VARIABLES).map((path) => variableOf(path.split('.', 1)[0] ?? '')))];
const isOurs = (name: string): boolean =>
  SECTIONS.some((section) => name === section || name.startsWith(`${section}_`));

/** How variables are read. */
export interface ConfigurationOfOptions {
  /** Reads the file that a variable which ends in `_FILE` points to; left out, such variables are refused. */
  readonly readFile?: (path: string) => string;
}

/**
 * The configuration that variables such as CANZA_MPESA_SHORTCODE spell out; docs/configuration.md lists them. Where
 * CANZA_MPESA_PASSKEY_FILE is set, the passkey is read from that file, without the line break at its end. Add what can only be
 * told in code: `{ ...configurationOf(process.env), logger }`.
 * @throws ConfigError naming a variable that is misspelled or cannot be read; never its value.
 */
export function configurationOf(
  variables: Readonly<Record<string, string | undefined>>,
  options: ConfigurationOfOptions = {},
): IntegrationsConfig {
  const told = new Map<string, unknown>();
  for (const [name, given] of Object.entries(variables)) {
    if (given === undefined || given === '' || !isOurs(name)) continue;
    const isFile = !FIELDS.has(name) && name.endsWith(FILE);
    const field = FIELDS.get(isFile ? name.slice(0, -FILE.length) : name);
    if (field === undefined) refuse(name, 'one of the variables of docs/configuration.md: this one is not known');
    const [path, kind] = field;
    if (told.has(path)) refuse(name, 'either the value or a file with it, not both');
    told.set(path, read(name, kind, isFile ? textOf(name, given, options) : given));
  }
  const durability = told.get('journal.durability');
  if (durability !== undefined) {
    told.delete('journal.durability');
    told.set('journal', {
      on: told.get('journal') ?? refuse(variableOf('journal'), 'where the journal is'),
      durability,
    });
  }
  const config = {};
  for (const [path, value] of told) put(config, path.split('.'), value);
  return config;
}

function textOf(name: string, file: string, { readFile }: ConfigurationOfOptions): string {
  if (readFile === undefined) refuse(name, 'the option readFile, for variables that point to files');
  try {
    return readFile(file).replace(/\r?\n$/, '');
  } catch (error) {
    throw new ConfigError({ field: name, expected: 'a file that can be read' }, { cause: error });
  }
}

function read(name: string, kind: VariableKind, text: string): unknown {
  switch (kind) {
    case 'text':
      return text;
    case 'list':
      return text.split(',').map((part) => part.trim());
    case 'whole-number':
      return /^\d{1,15}$/.test(text) ? Number(text) : refuse(name, 'a whole number');
    case 'json':
      return readJson(name, text);
    case 'yes-no':
      return /^(?:true|false)$/.test(text) ? text === 'true' : refuse(name, '"true" or "false"');
  }
}

function readJson(name: string, text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // Its message quotes the text.
    return refuse(name, 'JSON');
  }
}

function put(into: Record<string, unknown>, [field = '', ...rest]: readonly string[], value: unknown): void {
  if (rest.length === 0) into[field] = value;
  else put((into[field] ??= {}) as Record<string, unknown>, rest, value);
}

function refuse(field: string, expected: string): never {
  throw new ConfigError({ field, expected });
}
