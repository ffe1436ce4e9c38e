-- Earlier versions of rows, so that registries answer "as known on K" and "as of D" (projections/history.py).
SET LOCAL ROLE acervo_app;

-- The version of a row that the act at until_index replaced, without its key and what never changes; until_on is the
-- day of which that act tells.
CREATE TABLE registry.row_history (
  table_name  text COLLATE "C" NOT NULL,
  key         text COLLATE "C" NOT NULL,                -- the values of the row's key, joined by |
  until_index bigint NOT NULL,
  until_on    date NOT NULL,
  row         jsonb NOT NULL,
  PRIMARY KEY (table_name, key, until_index)
);

-- Which act made a row, for tables that have no column that says so.
CREATE TABLE registry.row_births (
  table_name text COLLATE "C" NOT NULL,
  key        text COLLATE "C" NOT NULL,
  born_index bigint NOT NULL,
  PRIMARY KEY (table_name, key)
);

CREATE TABLE registry.act_times (
  entry_index bigint PRIMARY KEY,
  recorded    timestamptz NOT NULL,
  told_on     date NOT NULL
);
CREATE INDEX act_times_by_recorded ON registry.act_times (recorded, entry_index);

-- Rows that stand already have no earlier versions: the worker makes them by projecting everything anew.
DO $$
DECLARE
  name text;
BEGIN
  FOR name IN SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'registry'::regnamespace AND c.relkind = 'r'
      AND c.relname NOT IN ('status')
  LOOP
    EXECUTE format('DELETE FROM registry.%I', name);
  END LOOP;
END;
$$;
