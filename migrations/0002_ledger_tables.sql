-- The tables of the ledger. Written only by the functions of the next migrations; see the triggers at the end.
-- The hot ones have no CHECK constraints: PostgreSQL parses them anew for every INSERT, a tenth of an append.
SET LOCAL ROLE acervo_owner;

-- What the ledger is: one row, written with entry 0.
CREATE TABLE ledger.founding (
  one              boolean PRIMARY KEY DEFAULT true CHECK (one),
  origin           text    NOT NULL,
  statement_sha256 bytea   NOT NULL,
  simulated        boolean NOT NULL
);

-- The entries, byte for byte (format.md §6). The columns beside `state` repeat what stands in it; state is the truth.
CREATE TABLE ledger.entries (
  originator_id      text COLLATE "C" NOT NULL,           -- stream
  originator_version bigint NOT NULL,
  topic              text NOT NULL,                       -- act type
  state              bytea NOT NULL,                      -- at most 65,535 bytes
  notification_id    bigint PRIMARY KEY,                  -- index + 1
  UNIQUE (originator_id, originator_version)
);

-- Completed nodes of the RFC 9162 tree; level 0 are the leaf hashes.
CREATE TABLE ledger.nodes (
  level int    NOT NULL,
  idx   bigint NOT NULL,
  hash  bytea  NOT NULL,
  PRIMARY KEY (level, idx)
);

-- How many entries there are; its row lock is the one lock of the ledger.
CREATE TABLE ledger.head (
  one         boolean PRIMARY KEY,
  size        bigint NOT NULL,
  recorded_at timestamptz NOT NULL
) WITH (fillfactor = 50);
INSERT INTO ledger.head VALUES (true, 0, '-infinity');

-- Head of each stream: what version, prev, basis and guards are compared with. Derived from entries.
CREATE TABLE ledger.streams (
  stream           text COLLATE "C" PRIMARY KEY,
  version          bigint NOT NULL,
  statement_sha256 bytea  NOT NULL,
  last_index       bigint NOT NULL
) WITH (fillfactor = 80);

-- The vault's sealed values (format.md §8). An erased one keeps its digest, which is public in the entry anyway, so
-- that a digest stands once for ever; nonce and ciphertext are gone.
CREATE TABLE ledger.disclosures (
  digest      text COLLATE "C" PRIMARY KEY,               -- as in the entry's `sealed`
  entry_index bigint NOT NULL,
  name        text COLLATE "C" NOT NULL,
  data_key    text COLLATE "C" NOT NULL,                  -- reference of the data key, in a store of its own
  nonce       bytea,
  ciphertext  bytea,
  UNIQUE (entry_index, name)
);
CREATE INDEX disclosures_by_data_key ON ledger.disclosures (data_key);

-- Signed checkpoints, also here because a hot standby cannot LISTEN (house.md §8).
CREATE TABLE ledger.checkpoints (
  id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  size      bigint NOT NULL,
  note      bytea NOT NULL CHECK (octet_length(note) <= 65535),
  stored_at timestamptz NOT NULL
);
CREATE INDEX checkpoints_by_size ON ledger.checkpoints (size);

-- The clock of a ledger founded with `clock: simulated`; empty in every other.
CREATE TABLE ledger.simulated_clock (
  one        boolean PRIMARY KEY DEFAULT true CHECK (one),
  instant    timestamptz NOT NULL
);

-- Triggers refuse what grants would allow: no write outside of the functions, not even by the owner or a superuser.
-- Each function opens its own door (set_config('ledger.door', …), local, and undone at its end or by its error),
-- and each table says which operation each door is for; nothing is ever deleted or truncated.
-- What this stops: slips at a psql prompt, an application with too many rights, a restore script on a live ledger.
-- What it does not stop: an owner or superuser who means it. He can set the same variable, disable the triggers,
-- replace the functions or edit the files. Against him stand the officers' signatures, the tree, and the signer,
-- whose memory is not in this database. The application's role gains nothing by the variable: it has no INSERT,
-- UPDATE, DELETE or TRUNCATE to begin with.
CREATE FUNCTION ledger.refuse_write() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF current_user = 'acervo_owner' AND TG_OP || ' ' || current_setting('ledger.door', true) = ANY (TG_ARGV) THEN
    RETURN NULL;
  END IF;
  RAISE EXCEPTION '% on ledger.% is refused: the functions of schema ledger are the only way in', TG_OP, TG_TABLE_NAME
    USING ERRCODE = 'AC100';
END $$;

DO $$
DECLARE
  doors jsonb := '{
    "founding":        ["INSERT append", "INSERT recover"],
    "entries":         ["INSERT append", "INSERT recover"],
    "nodes":           ["INSERT append", "INSERT recover"],
    "head":            ["UPDATE append", "UPDATE recover"],
    "streams":         ["INSERT append", "UPDATE append", "INSERT recover", "UPDATE recover"],
    "disclosures":     ["INSERT append", "UPDATE erase"],
    "checkpoints":     ["INSERT checkpoint"],
    "simulated_clock": ["INSERT append", "UPDATE clock", "INSERT recover"]
  }';
  name text;
BEGIN
  FOR name IN SELECT jsonb_object_keys(doors) LOOP
    EXECUTE format(
      'CREATE TRIGGER refuse_write BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON ledger.%I '
      'FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_write(%s)',
      name, (SELECT string_agg(quote_literal(door), ', ') FROM jsonb_array_elements_text(doors -> name) AS door));
  END LOOP;
END $$;

GRANT SELECT ON ALL TABLES IN SCHEMA ledger TO acervo_app;
REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA ledger FROM PUBLIC;
ALTER DEFAULT PRIVILEGES FOR ROLE acervo_owner IN SCHEMA ledger REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
