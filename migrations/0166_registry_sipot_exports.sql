-- Quarterly formats of transparency obligations as they were filed, each with the hash of what it said (LGTAIP 58, 65).
SET LOCAL ROLE acervo_app;

CREATE TABLE registry.sipot_exports (
  id             text COLLATE "C" PRIMARY KEY,         -- ctd/2026/1/actas/1
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
  quarter        int NOT NULL,
  form           text COLLATE "C" NOT NULL,
  number         int NOT NULL,
  edition        text COLLATE "C" NOT NULL,
  stated_on      date NOT NULL,
  size           bigint NOT NULL,
  sha256         text COLLATE "C" NOT NULL,
  rows           int NOT NULL
);
CREATE INDEX sipot_exports_in_order ON registry.sipot_exports (created_index, id);
