-- What is classified, public versions, text that was handed out, and the indexes of what is reserved.
SET LOCAL ROLE acervo_app;

CREATE TABLE registry.classifications (
  id             text COLLATE "C" PRIMARY KEY,         -- 57/1: entry and proposal
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
  entry_index    bigint NOT NULL,
  proposal       int NOT NULL,
  object         text COLLATE "C" NOT NULL,
  unit           text COLLATE "C" NOT NULL,
  character      text COLLATE "C" NOT NULL,  -- reserved | confidential
  fraction       text COLLATE "C",
  ground         text COLLATE "C",
  trigger        text COLLATE "C" NOT NULL,
  triggered_by   text COLLATE "C",
  resolution     text COLLATE "C",
  proposed_names jsonb NOT NULL,
  from_on        text COLLATE "C" NOT NULL,
  session        text COLLATE "C",
  item           int,
  phase          text COLLATE "C" NOT NULL,  -- proposed | confirmed | modified | revoked | declassified
  names          jsonb NOT NULL,  -- still classified by it
  until_on       date,
  extended       boolean NOT NULL,
  vote           text COLLATE "C",
  steps          jsonb NOT NULL
);
CREATE INDEX classifications_in_order ON registry.classifications (created_index, id);
CREATE INDEX classifications_by_entry ON registry.classifications (entry_index, proposal);
CREATE INDEX classifications_by_object ON registry.classifications (object, entry_index, proposal);

CREATE TABLE registry.public_versions (
  id             text COLLATE "C" PRIMARY KEY,         -- 57/1: entry and version
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
  entry_index    bigint NOT NULL,
  number         int NOT NULL,
  object         text COLLATE "C" NOT NULL,
  root           text COLLATE "C",
  blocks         int,
  open           jsonb NOT NULL,
  redactions     jsonb NOT NULL,
  phase          text COLLATE "C" NOT NULL,  -- generated | approved
  vote           text COLLATE "C",
  approved_index bigint
);
CREATE INDEX public_versions_in_order ON registry.public_versions (created_index, id);
CREATE INDEX public_versions_by_object ON registry.public_versions (object, entry_index, number);

CREATE TABLE registry.consultations (
  id             text COLLATE "C" PRIMARY KEY,         -- 57/1: entry and consultation
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
  entry_index    bigint NOT NULL,
  number         int NOT NULL,
  names          jsonb NOT NULL,
  reader         text COLLATE "C"
);
CREATE INDEX consultations_in_order ON registry.consultations (created_index, id);
CREATE INDEX consultations_by_entry ON registry.consultations (entry_index, number);

CREATE TABLE registry.reserved_indexes (
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
  half           int NOT NULL,
  as_of          text COLLATE "C" NOT NULL,
  size           bigint NOT NULL,
  sha256         text COLLATE "C" NOT NULL,
  rows           int NOT NULL
);
CREATE INDEX reserved_indexes_in_order ON registry.reserved_indexes (created_index, id);
