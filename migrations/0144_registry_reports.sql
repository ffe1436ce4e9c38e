-- Periodic reports, and the facts out of which they are computed.
SET LOCAL ROLE acervo_app;

CREATE TABLE registry.reports (
  id             text COLLATE "C" PRIMARY KEY,         -- hcd/functioning/2026-c1/1
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
  report_kind    text COLLATE "C" NOT NULL,
  period         text COLLATE "C" NOT NULL,
  number         int NOT NULL,
  as_of          bigint NOT NULL,
  content_sha256 text COLLATE "C" NOT NULL,
  levels         int NOT NULL,
  phase          text COLLATE "C" NOT NULL,
  chain          jsonb NOT NULL,
  presented      jsonb NOT NULL
);
CREATE INDEX reports_in_order ON registry.reports (created_index, id);
CREATE INDEX reports_by_body ON registry.reports (body, created_index, id);

CREATE TABLE registry.report_facts (
  entry_index bigint PRIMARY KEY,
  body           text COLLATE "C" NOT NULL,
  day         text COLLATE "C" NOT NULL,                -- legal day, YYYY-MM-DD
  what           text COLLATE "C" NOT NULL,
  key            text COLLATE "C" NOT NULL,
  said           jsonb NOT NULL
);
CREATE INDEX report_facts_by_body ON registry.report_facts (body, entry_index);
CREATE INDEX report_facts_of_parent ON registry.report_facts ((said ->> 'parent')) WHERE what = 'body';
