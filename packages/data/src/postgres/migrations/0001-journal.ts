/**
 * Entries, their history, and who holds which reference. Times are milliseconds since 1970. Texts compare byte by byte, so that
 * the order of ids does not depend on the server's language.
 */
export const firstSchema = (schema: string): string => `
    CREATE SEQUENCE ${schema}.fences;

    CREATE TABLE ${schema}.entries (
      kind text COLLATE "C" NOT NULL,
      id text COLLATE "C" NOT NULL,
      version integer NOT NULL,
      state text COLLATE "C" NOT NULL,
      due_at bigint,
      refs text[] NOT NULL,
      tags text[] NOT NULL,
      created_at bigint NOT NULL,
      updated_at bigint NOT NULL,
      body jsonb,
      -- The body as text where jsonb cannot hold it: with a NUL or half a surrogate pair in it.
      body_text text,
      -- Of the latest claim; drawn from the sequence, so that it also grows when an id was forgotten and comes again.
      fence bigint NOT NULL DEFAULT 0,
      lease_until bigint,
      lease_owner text,
      archived boolean NOT NULL DEFAULT false,
      PRIMARY KEY (kind, id),
      CHECK ((body IS NULL) <> (body_text IS NULL))
    ) WITH (fillfactor = 80);
    CREATE INDEX entries_due ON ${schema}.entries (kind, due_at, id) WHERE due_at IS NOT NULL;
    CREATE INDEX entries_created ON ${schema}.entries (kind, created_at, id) WHERE NOT archived;
    CREATE INDEX entries_state ON ${schema}.entries (kind, state, created_at, id) WHERE NOT archived;
    CREATE INDEX entries_tags ON ${schema}.entries USING gin (tags) WHERE NOT archived;
    CREATE INDEX entries_archived ON ${schema}.entries (kind, created_at, id) WHERE archived;

    CREATE TABLE ${schema}.history (
      kind text COLLATE "C" NOT NULL,
      id text COLLATE "C" NOT NULL,
      version integer NOT NULL,
      at bigint NOT NULL,
      state text NOT NULL,
      note text NOT NULL,
      PRIMARY KEY (kind, id, version)
    );

    CREATE TABLE ${schema}.holders (
      kind text COLLATE "C" NOT NULL,
      reference text COLLATE "C" NOT NULL,
      id text COLLATE "C" NOT NULL,
      CONSTRAINT holders_one_each PRIMARY KEY (kind, reference)
    );
    CREATE INDEX holders_of_entry ON ${schema}.holders (kind, id);
`;
