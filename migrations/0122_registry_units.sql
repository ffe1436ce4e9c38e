-- Administrative units over time.
SET LOCAL ROLE acervo_app;

CREATE TABLE registry.units (
  id          text COLLATE "C" PRIMARY KEY,             -- daed
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
  code        text COLLATE "C" NOT NULL,                -- as the last act left it
  parent      text COLLATE "C",
  created_on  date NOT NULL,
  suppressed_on date,
  successor   text COLLATE "C",
  versions    jsonb NOT NULL                            -- [{"index", "on", "what", "code", "parent"?, "name"?, "by"?}, …]
);
CREATE INDEX units_in_order ON registry.units (created_index, id);
