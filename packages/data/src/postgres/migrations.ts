import { ConfigError } from '@canza/core';
import { firstSchema } from './migrations/0001-journal.ts';
import type { Sql } from './sql.ts';

/** The schema's changes, oldest first. A released one never changes; a new one only adds, so that two releases can run side by side. */
const MIGRATIONS: readonly ((schema: string) => string)[] = [firstSchema];

const SCHEMA_NAME = /^[a-z_][a-z0-9_]{0,62}$/;

/**
 * Checks the name of the schema, which stands in statements as it is.
 * @throws ConfigError naming `schema`.
 */
export function parseSchemaName(schema: string): string {
  if (SCHEMA_NAME.test(schema) && !schema.startsWith('pg_')) return schema;
  throw new ConfigError({
    field: 'schema',
    expected: '1 to 63 lower-case letters, digits or "_", not beginning with "pg_"',
  });
}

/** The version up to which the schema stands: 0 when there is none. Needs no right to create anything. */
export async function schemaVersion(sql: Sql, schema: string): Promise<number> {
  const table = `${schema}.migrations`;
  const [found] = await sql(statement(`SELECT to_regclass('${table}') IS NOT NULL AS present`), []);
  if (found?.['present'] !== true) return 0;
  const [latest] = await sql(statement(`SELECT coalesce(max(version), 0)::int AS version FROM ${table}`), []);
  return Number(latest?.['version'] ?? 0);
}

/**
 * Brings the schema up to date. Each step is one statement and so one transaction, under a lock: any number of processes may
 * start at once.
 */
export async function migrate(sql: Sql, schema: string): Promise<void> {
  const standing = await schemaVersion(sql, schema);
  for (const [index, change] of MIGRATIONS.entries()) {
    const version = index + 1;
    // One after the other: a change builds on those before it.
    // oxlint-disable-next-line no-await-in-loop
    if (version > standing) await sql(statement(asOneStep(schema, version, change(schema))), []);
  }
}

/** The version that this release works with. */
export const CURRENT_VERSION = MIGRATIONS.length;

const asOneStep = (schema: string, version: number, change: string): string => `DO $step$ BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('canza:${schema}'));
  CREATE SCHEMA IF NOT EXISTS ${schema};
  CREATE TABLE IF NOT EXISTS ${schema}.migrations (
    version integer PRIMARY KEY,
    applied_at timestamptz NOT NULL DEFAULT now()
  );
  IF NOT EXISTS (SELECT FROM ${schema}.migrations WHERE version = ${version}) THEN
    ${change}
    INSERT INTO ${schema}.migrations (version) VALUES (${version});
  END IF;
END $step$`;

/** Run once at the start: an empty name keeps it unprepared. */
const statement = (text: string) => ({ name: '', text });
