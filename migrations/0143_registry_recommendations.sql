-- Recommendations of commissions of oversight, across years.
SET LOCAL ROLE acervo_app;

CREATE TABLE registry.recommendations (
  id             text COLLATE "C" PRIMARY KEY,         -- cvd/12/1
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
  ordinal        int NOT NULL,
  number         int NOT NULL,
  identifier     text COLLATE "C" NOT NULL,
  session        text COLLATE "C" NOT NULL,
  unit           text COLLATE "C" NOT NULL,
  oficio         text COLLATE "C",
  due_on         date,
  percent        int,
  phase          text COLLATE "C" NOT NULL,
  issued_on      date NOT NULL,
  steps          jsonb NOT NULL
);
CREATE INDEX recommendations_in_order ON registry.recommendations (created_index, id);
CREATE INDEX recommendations_by_body ON registry.recommendations (body, created_index, id);
