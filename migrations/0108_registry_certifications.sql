-- Certifications, and the objects that they speak of.
SET LOCAL ROLE acervo_app;

CREATE TABLE registry.certifications (
  id            text COLLATE "C" PRIMARY KEY,           -- hcd/2026/1
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
  body          text COLLATE "C" NOT NULL,
  year          int NOT NULL,
  number        int NOT NULL,
  phase         text NOT NULL,                          -- issued | superseded | revoked
  copy_kind     text NOT NULL,
  sheets        int NOT NULL,
  reason        text,
  superseded_by text COLLATE "C",
  phase_index   bigint NOT NULL
);
CREATE INDEX certifications_in_order ON registry.certifications (created_index, id);
CREATE INDEX certifications_by_body ON registry.certifications (body, created_index, id);

CREATE TABLE registry.certified_objects (
  certification   text COLLATE "C" NOT NULL,
  ordinal         int NOT NULL,
  object          text COLLATE "C" NOT NULL,            -- stream
  entry_index     bigint NOT NULL,
  statement       text COLLATE "C" NOT NULL,
  root            text COLLATE "C",
  PRIMARY KEY (certification, ordinal)
);
CREATE INDEX certified_objects_by_object ON registry.certified_objects (object);
