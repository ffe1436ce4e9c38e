-- Agreements, and identifiers put aside because no grammar admits them.
SET LOCAL ROLE acervo_app;

CREATE TABLE registry.agreements (
  id          text COLLATE "C" PRIMARY KEY,             -- hcd/2026/19
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
  body        text COLLATE "C" NOT NULL,
  year        int NOT NULL,
  number      int NOT NULL,
  identifier  text COLLATE "C" NOT NULL,
  adopted_on  date NOT NULL,
  vote        text COLLATE "C",
  session     text COLLATE "C",
  ordinal     int,
  resolutions int,
  source      jsonb
);
CREATE INDEX agreements_in_order ON registry.agreements (created_index, id);
CREATE INDEX agreements_by_body ON registry.agreements (body, created_index, id);
CREATE INDEX agreements_by_session ON registry.agreements (session, created_index, id);
CREATE INDEX agreements_by_identifier ON registry.agreements (identifier, created_index, id);

CREATE TABLE registry.quarantined_identifiers (
  id          text COLLATE "C" PRIMARY KEY,             -- hcd/1
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
  body        text COLLATE "C" NOT NULL,
  number      int NOT NULL,
  reason      text NOT NULL,
  corrections jsonb NOT NULL                            -- [{"identifier", "index"}, …], the last one counts
);
CREATE INDEX quarantined_identifiers_in_order ON registry.quarantined_identifiers (created_index, id);
