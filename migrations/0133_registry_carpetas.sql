-- Folders of sessions with their addenda, and recordings sealed by hash.
SET LOCAL ROLE acervo_app;

CREATE TABLE registry.carpetas (
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
  manifest       text COLLATE "C" NOT NULL,
  pages          int NOT NULL,
  documents      jsonb NOT NULL,
  addenda        jsonb NOT NULL
);
CREATE INDEX carpetas_in_order ON registry.carpetas (created_index, id);
CREATE INDEX carpetas_by_body ON registry.carpetas (body, created_index, id);

CREATE TABLE registry.recordings (
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
  recording      int NOT NULL,
  medium         text COLLATE "C" NOT NULL,
  sha256         text COLLATE "C" NOT NULL,
  begins_at      text COLLATE "C" NOT NULL,
  duration_s     int NOT NULL,
  custody        text COLLATE "C" NOT NULL
);
CREATE INDEX recordings_in_order ON registry.recordings (created_index, id);
CREATE INDEX recordings_by_body ON registry.recordings (body, created_index, id);
