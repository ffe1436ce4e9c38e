-- Actas received from other bodies, and their incidents.
SET LOCAL ROLE acervo_app;

CREATE TABLE registry.received_actas (
  id             text COLLATE "C" PRIMARY KEY,         -- hcd/1
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
  number         int NOT NULL,
  issuer         text COLLATE "C" NOT NULL,
  reference      text COLLATE "C" NOT NULL,
  held_on        date NOT NULL,
  received_on    date NOT NULL,
  sheets         int NOT NULL,
  phase          text COLLATE "C" NOT NULL,             -- received | checked | validated
  fulfilled      jsonb NOT NULL,
  unfulfilled    jsonb NOT NULL,
  incidents      int NOT NULL,
  open_incidents int NOT NULL
);
CREATE INDEX received_actas_in_order ON registry.received_actas (created_index, id);
CREATE INDEX received_actas_by_body ON registry.received_actas (body, created_index, id);

CREATE TABLE registry.acta_incidents (
  id             text COLLATE "C" PRIMARY KEY,         -- hcd/1/1
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
  received       text COLLATE "C" NOT NULL,
  incident       int NOT NULL,
  code           text COLLATE "C" NOT NULL,
  phase          text COLLATE "C" NOT NULL,             -- raised | notified | resolved
  oficio         text COLLATE "C",
  notified_on    date,
  how            text COLLATE "C",
  resolved_index bigint
);
CREATE INDEX acta_incidents_in_order ON registry.acta_incidents (created_index, id);
CREATE INDEX acta_incidents_by_received ON registry.acta_incidents (received, incident);
