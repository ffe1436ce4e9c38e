-- The circulation of actas, observations, appendices and fe de erratas.
SET LOCAL ROLE acervo_app;

CREATE TABLE registry.acta_circulations (
  id             text COLLATE "C" PRIMARY KEY,         -- hcd/2026/ord/3
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
  body           text COLLATE "C" NOT NULL,
  year           int NOT NULL,
  series         text COLLATE "C" NOT NULL,
  session        int NOT NULL,
  phase          text COLLATE "C" NOT NULL,             -- circulated | approved
  round          int NOT NULL,
  draft          int NOT NULL,
  root           text COLLATE "C" NOT NULL,
  addressed      jsonb NOT NULL,
  due_at         text NOT NULL,
  pending        int NOT NULL,                          -- observations without an answer
  approved_index bigint,
  approved_root  text COLLATE "C",
  vote           text COLLATE "C"                       -- null where approved by signature
);
CREATE INDEX acta_circulations_in_order ON registry.acta_circulations (created_index, id);
CREATE INDEX acta_circulations_by_body ON registry.acta_circulations (body, created_index, id);

CREATE TABLE registry.acta_observations (
  id             text COLLATE "C" PRIMARY KEY,         -- hcd/2026/ord/3/1
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
  circulation    text COLLATE "C" NOT NULL,
  observation    int NOT NULL,
  seat           text COLLATE "C" NOT NULL,
  root           text COLLATE "C" NOT NULL,
  block          int,
  outcome        text COLLATE "C",                      -- accepted | rejected | withdrawn
  resolved_index bigint
);
CREATE INDEX acta_observations_in_order ON registry.acta_observations (created_index, id);
CREATE INDEX acta_observations_by_circulation ON registry.acta_observations (circulation, observation);

CREATE TABLE registry.appendices (
  id             text COLLATE "C" PRIMARY KEY,         -- hcd/2026/ord/3/1
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
  body           text COLLATE "C" NOT NULL,
  year           int NOT NULL,
  series         text COLLATE "C" NOT NULL,
  session        int NOT NULL,
  acta           text COLLATE "C" NOT NULL,
  appendix       int NOT NULL,
  sheets         int NOT NULL,
  agreement      int
);
CREATE INDEX appendices_in_order ON registry.appendices (created_index, id);
CREATE INDEX appendices_by_acta ON registry.appendices (acta, appendix);

CREATE TABLE registry.acta_erratas (
  id             text COLLATE "C" PRIMARY KEY,         -- hcd/2026/ord/3/1
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
  body           text COLLATE "C" NOT NULL,
  year           int NOT NULL,
  series         text COLLATE "C" NOT NULL,
  session        int NOT NULL,
  acta           text COLLATE "C" NOT NULL,
  acta_statement text COLLATE "C" NOT NULL,             -- of the sealed acta
  errata         int NOT NULL,
  corrections    jsonb NOT NULL,
  approved_by    text COLLATE "C" NOT NULL
);
CREATE INDEX acta_erratas_in_order ON registry.acta_erratas (created_index, id);
CREATE INDEX acta_erratas_by_acta ON registry.acta_erratas (acta, errata);
CREATE INDEX acta_erratas_by_vote ON registry.acta_erratas (approved_by);
