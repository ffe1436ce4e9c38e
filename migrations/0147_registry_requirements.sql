-- Oversight requirements with their bundles and findings.
SET LOCAL ROLE acervo_app;

CREATE TABLE registry.requirements (
  id             text COLLATE "C" PRIMARY KEY,          -- hcd/2026/1
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
  authority      text COLLATE "C" NOT NULL,
  reference      text COLLATE "C" NOT NULL,             -- the authority's own number
  asks           jsonb NOT NULL,
  from_on        date,
  to_on          date,
  received_on    date NOT NULL,
  business_days  int NOT NULL,
  due_on         date NOT NULL,
  answered_on    date,                                  -- null while it is not answered
  oficio         text COLLATE "C",
  certificates   jsonb NOT NULL,                        -- streams that the answer names
  answer_bundles jsonb NOT NULL,                        -- numbers of the bundles that it names
  closed_on      date,
  bundles        int NOT NULL,
  findings       int NOT NULL,
  open_findings  int NOT NULL
);
CREATE INDEX requirements_in_order ON registry.requirements (created_index, id);
CREATE INDEX requirements_by_body ON registry.requirements (body, created_index, id);
CREATE INDEX requirements_by_due_day ON registry.requirements (due_on);

CREATE TABLE registry.requirement_bundles (
  requirement     text COLLATE "C" NOT NULL,
  bundle          int NOT NULL,
  manifest_sha256 text COLLATE "C" NOT NULL,
  tree_size       bigint NOT NULL,
  root            text COLLATE "C" NOT NULL,
  first_index     bigint NOT NULL,
  last_index      bigint NOT NULL,
  grants          int NOT NULL,                         -- sealed values handed out with it
  exported_on     date NOT NULL,
  sealed          jsonb NOT NULL,
  entry_index     bigint NOT NULL,
  PRIMARY KEY (requirement, bundle)
);

CREATE TABLE registry.requirement_findings (
  id             text COLLATE "C" PRIMARY KEY,          -- hcd/2026/1/1
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
  requirement    text COLLATE "C" NOT NULL,
  finding        int NOT NULL,
  reference      text COLLATE "C" NOT NULL,
  acts           jsonb NOT NULL,                        -- indexes of entries
  outcome        text COLLATE "C",                      -- clarified | upheld | corrected; null while it is open
  settled_index  bigint
);
CREATE INDEX requirement_findings_by_requirement ON registry.requirement_findings (requirement, finding);
