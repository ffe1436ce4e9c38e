-- Vetoes of agreements; the kind of an agreement; interpretations beside it.
SET LOCAL ROLE acervo_app;

ALTER TABLE registry.agreements ADD COLUMN agreement_kind text COLLATE "C" NOT NULL DEFAULT 'agreement';

CREATE TABLE registry.vetoes (
  id             text COLLATE "C" PRIMARY KEY,         -- hcd/2026/112, as the agreement
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
  agreement      text COLLATE "C" NOT NULL,
  power          text COLLATE "C" NOT NULL,
  resolver       text COLLATE "C" NOT NULL,
  norms          jsonb NOT NULL,
  phase          text COLLATE "C" NOT NULL,
  exercised_on   date NOT NULL,
  due_on         date,
  sheets         int,
  sense          text COLLATE "C",
  session        text COLLATE "C",
  item           int,
  vote           text COLLATE "C",
  outcome        text COLLATE "C",
  modified_by    text COLLATE "C",
  vetoer_sat     boolean,
  resolved_on    date
);
CREATE INDEX vetoes_in_order ON registry.vetoes (created_index, id);
CREATE INDEX vetoes_by_resolver ON registry.vetoes (resolver, created_index, id);

CREATE TABLE registry.interpretations (
  id             text COLLATE "C" PRIMARY KEY,         -- hcd/2026/19/1
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
  interpretation int NOT NULL,
  agreement      text COLLATE "C" NOT NULL,
  petitioner_kind text COLLATE "C" NOT NULL,
  about          text COLLATE "C" NOT NULL,
  resolution     int,
  phase          text COLLATE "C" NOT NULL,
  issued_index   bigint,
  superseded_by  int
);
CREATE INDEX interpretations_in_order ON registry.interpretations (created_index, id);
CREATE INDEX interpretations_by_agreement ON registry.interpretations (agreement, interpretation);
