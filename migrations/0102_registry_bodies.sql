-- Bodies, their rules by version, their seats.
-- Columns that every public object has (projections/base.py, HEADING): where in the log it was made and last touched,
-- its stream's version and last statement, who signed the act that made it, whose voice it is, whether it is imported,
-- and which sealed texts it has ({name: index of the entry}); the texts themselves are in published_texts, if open.
SET LOCAL ROLE acervo_app;

CREATE TABLE registry.bodies (
  id             text COLLATE "C" PRIMARY KEY,          -- hcd
  created_index  bigint NOT NULL,
  created        timestamptz NOT NULL,
  modified_index bigint NOT NULL,
  modified       timestamptz NOT NULL,
  version        bigint NOT NULL,
  stream         text COLLATE "C" NOT NULL,
  statement      text COLLATE "C" NOT NULL,
  occurred_at    text NOT NULL,
  signer         text COLLATE "C" NOT NULL,
  office         text COLLATE "C" NOT NULL,
  voice          text NOT NULL,
  provenance     text NOT NULL,
  sealed         jsonb NOT NULL,
  body_kind      text NOT NULL,
  parent         text COLLATE "C",
  extinct_on     date,
  profile        text,
  rules_versions int NOT NULL,
  seats_defined  int NOT NULL
);
CREATE INDEX bodies_in_order ON registry.bodies (created_index, id);

CREATE TABLE registry.body_rules (
  body        text COLLATE "C" NOT NULL,
  number      int NOT NULL,
  profile     text NOT NULL,
  rules       jsonb NOT NULL,
  valid_from  date NOT NULL,
  entry_index bigint NOT NULL,
  recorded    timestamptz NOT NULL,
  PRIMARY KEY (body, number)
);

-- A seat exists on the days from valid_from on and before valid_to.
CREATE TABLE registry.seats (
  body             text COLLATE "C" NOT NULL,
  seat             text COLLATE "C" NOT NULL,
  sector           text COLLATE "C" NOT NULL,
  role             text NOT NULL,
  voting           boolean NOT NULL,
  valid_from       date NOT NULL,
  valid_to         date,
  ordinal          int NOT NULL,
  defined_index    bigint NOT NULL,
  suppressed_index bigint,
  PRIMARY KEY (body, seat)
);
