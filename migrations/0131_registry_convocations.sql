-- Convocations with their rectifications, and the proof of their receipt.
SET LOCAL ROLE acervo_app;

CREATE TABLE registry.convocations (
  id             text COLLATE "C" PRIMARY KEY,         -- SHA-256 of the statement
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
  session        text COLLATE "C" NOT NULL,             -- hcd/2026/ord/3
  call           int NOT NULL,
  begins_at      text COLLATE "C" NOT NULL,
  held_on        date NOT NULL,
  modality       text COLLATE "C" NOT NULL,
  items          jsonb NOT NULL,
  superseded_by  text COLLATE "C",
  receipts       int NOT NULL,
  waivers        jsonb NOT NULL
);
CREATE INDEX convocations_in_order ON registry.convocations (created_index, id);
CREATE INDEX convocations_by_body ON registry.convocations (body, created_index, id);
CREATE INDEX convocations_by_session ON registry.convocations (session, created_index);

CREATE TABLE registry.convocation_last (
  session        text COLLATE "C" NOT NULL,
  convocation    text COLLATE "C" NOT NULL,
  PRIMARY KEY (session)
);

CREATE TABLE registry.convocation_receipts (
  convocation    text COLLATE "C" NOT NULL,
  seat           text COLLATE "C" NOT NULL,
  entry_index    bigint NOT NULL,
  designation    int NOT NULL,
  received_at    text COLLATE "C" NOT NULL,
  channel        text COLLATE "C",
  voice          text COLLATE "C" NOT NULL,
  carpeta        text COLLATE "C",
  PRIMARY KEY (convocation, seat, entry_index)
);
