-- Requests for information and for personal data.
SET LOCAL ROLE acervo_app;

CREATE TABLE registry.access_requests (
  id             text COLLATE "C" PRIMARY KEY,         -- ctd/2026/1
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
  number         int NOT NULL,
  access_right   text COLLATE "C" NOT NULL,  -- information | access | rectification | cancellation | opposition
  folio          text COLLATE "C",
  received_on    text COLLATE "C" NOT NULL,
  units          jsonb NOT NULL,
  modality       text COLLATE "C",
  rests_on       jsonb NOT NULL,
  denial         text COLLATE "C",
  appeal         text COLLATE "C",
  blocked        jsonb NOT NULL,
  phase          text COLLATE "C" NOT NULL,  -- received | prevented | turned | answered | appealed | resolved
  due_on         date NOT NULL,
  extended       boolean NOT NULL,
  steps          jsonb NOT NULL
);
CREATE INDEX access_requests_in_order ON registry.access_requests (created_index, id);
CREATE INDEX access_requests_by_body ON registry.access_requests (body, year, number);
