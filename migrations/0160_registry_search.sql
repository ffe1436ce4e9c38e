-- Full text over what is public of agreements, actas and items, in Spanish, with nothing but what PostgreSQL itself has.
SET LOCAL ROLE acervo_app;

-- Without accents and with the endings that the Spanish stemmer takes for other words once accents are gone
-- (licitación, licitaciones → licitacion; dictámenes → dictamen); ñ stays. Expects composed letters (NFC).
CREATE FUNCTION registry.search_fold(t text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT pg_catalog.regexp_replace(pg_catalog.regexp_replace(pg_catalog.translate(pg_catalog.lower(t),
    'àáâãäåçèéêëìíîïòóôõöùúûüýÿāăąćĉċčďēĕėęěĝğġģĥĩīĭįĵķĺļľńņňōŏőŕŗřśŝşšţťũūŭůűųŵŷźżž',
    'aaaaaaceeeeiiiiooooouuuuyyaaaccccdeeeeegggghiiiijklllnnnooorrrssssttuuuuuuwyzzz'),
    '([cstgx])iones\M', '\1ion', 'g'), 'menes\M', 'men', 'g')
$$;

-- Words joined by a bar or an underscore are two words (`presupuesto/gasto`); numbers such as 107/2022 stay whole.
CREATE FUNCTION registry.search_words(t text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT pg_catalog.regexp_replace(CASE WHEN t IS NFC NORMALIZED THEN t ELSE normalize(t, NFC) END,
    '([^\d\s])[/_]([^\d\s])', '\1 \2', 'g')
$$;

-- Each word in two forms, as written and folded, because stemming what has lost its accents alone loses plurals.
CREATE FUNCTION registry.search_vector(t text) RETURNS tsvector LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT pg_catalog.to_tsvector('pg_catalog.spanish'::regconfig, registry.search_words(t))
      || pg_catalog.to_tsvector('pg_catalog.spanish'::regconfig, registry.search_fold(registry.search_words(t)))
$$;

CREATE FUNCTION registry.search_query(t text) RETURNS tsquery LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT CASE WHEN plain = folded THEN plain ELSE plain || folded END FROM (SELECT
    pg_catalog.websearch_to_tsquery('pg_catalog.spanish'::regconfig, registry.search_words(t)) AS plain,
    pg_catalog.websearch_to_tsquery('pg_catalog.spanish'::regconfig, registry.search_fold(registry.search_words(t)))
      AS folded) AS both_forms
$$;

-- One row an object and opening of its text: the last one counts (replaced_index is null), the ones before are what
-- could be found earlier. Only opened text is here, and what an erasure takes away leaves every row.
CREATE TABLE registry.search_editions (
  object         text COLLATE "C" NOT NULL,             -- agreements/hcd/2026/19, actas/…, agenda-items/hcd/2026/ord/1/2
  edition        int NOT NULL,                          -- from 0 on
  made_index     bigint NOT NULL,
  created_index  bigint NOT NULL,                       -- of the object: its place in the list
  editions       int,                                   -- of the row with edition 0: how many follow it
  kind           text COLLATE "C" NOT NULL,
  body           text COLLATE "C" NOT NULL,
  year           int NOT NULL,
  identifier     text COLLATE "C",
  status         text COLLATE "C",
  cases          jsonb NOT NULL,                        -- why an agreement is suspended
  source_index   bigint,                                -- of an acta: the draft as it stands
  texts          jsonb NOT NULL,                        -- [[entry, name], …]: what was opened
  truncated      boolean NOT NULL,
  replaced_index bigint,
  lexemes        tsvector NOT NULL,
  PRIMARY KEY (object, edition)
);
CREATE INDEX search_editions_by_word ON registry.search_editions USING gin (lexemes) WITH (fastupdate = off);
CREATE INDEX search_editions_in_order ON registry.search_editions (created_index DESC, object DESC)
  WHERE replaced_index IS NULL;
