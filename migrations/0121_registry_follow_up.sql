-- Follow-up of agreements: capture, fulfilment by resolutivo, oficios, gazettes, the chronological index.
SET LOCAL ROLE acervo_app;

CREATE TABLE registry.captures (
  id          text COLLATE "C" PRIMARY KEY,             -- hcd/2026/19
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
  body        text COLLATE "C" NOT NULL,
  year        int NOT NULL,
  number      int NOT NULL,
  phase       text NOT NULL,                            -- captured, confirmed, returned
  resolutions jsonb NOT NULL,                           -- what each resolutivo does, in order
  series_code text COLLATE "C",
  reviewer    text COLLATE "C",                         -- office of the last review
  reviewed_index bigint
);
CREATE INDEX captures_in_order ON registry.captures (created_index, id);

CREATE TABLE registry.follow_up (
  id          text COLLATE "C" PRIMARY KEY,             -- hcd/2026/19/2
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
  body        text COLLATE "C" NOT NULL,
  year        int NOT NULL,
  number      int NOT NULL,
  resolution  int NOT NULL,
  agreement   text COLLATE "C" NOT NULL,                -- hcd/2026/19
  units       jsonb NOT NULL,
  due_on      date,
  original_due_on   date,
  authorized_amount bigint,                             -- centavos
  exercised_amount  bigint NOT NULL,
  percent     int,
  phase       text NOT NULL,                            -- as the last act left it
  steps       jsonb NOT NULL                            -- [{"index", "on", "phase", "units", "due_on"?, …}, …]
);
CREATE INDEX follow_up_in_order ON registry.follow_up (created_index, id);
CREATE INDEX follow_up_by_agreement ON registry.follow_up (agreement, resolution);
CREATE INDEX follow_up_by_body ON registry.follow_up (body, created_index, id);

CREATE TABLE registry.communications (
  id          text COLLATE "C" PRIMARY KEY,             -- hcd/2026/19
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
  body        text COLLATE "C" NOT NULL,
  year        int NOT NULL,
  number      int NOT NULL,
  pending     int NOT NULL,                             -- oficios without acknowledgement
  letters     jsonb NOT NULL                            -- [{"oficio", "unit", "sent_on", "index", "acknowledged_…"?}, …]
);
CREATE INDEX communications_in_order ON registry.communications (created_index, id);

CREATE TABLE registry.gazette_prints (
  id          text COLLATE "C" PRIMARY KEY,             -- hcd/2026/19
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
  body        text COLLATE "C" NOT NULL,
  year        int NOT NULL,
  number      int NOT NULL,
  prints      jsonb NOT NULL                            -- [{"gazette", "published_on", "effective_from", "index", …}, …]
);
CREATE INDEX gazette_prints_in_order ON registry.gazette_prints (created_index, id);

CREATE TABLE registry.filings (
  id          text COLLATE "C" PRIMARY KEY,             -- hcd/2026/19
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
  body        text COLLATE "C" NOT NULL,
  year        int NOT NULL,
  number      int NOT NULL,
  series_code text COLLATE "C" NOT NULL
);
CREATE INDEX filings_in_order ON registry.filings (created_index, id);
CREATE INDEX filings_by_body ON registry.filings (body, year, number);
