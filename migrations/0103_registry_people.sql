-- Persons (random ids; names are sealed), their keys, and designations to seats.
SET LOCAL ROLE acervo_app;

CREATE TABLE registry.persons (
  id             text COLLATE "C" PRIMARY KEY,
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
  founder        boolean NOT NULL,
  registered     boolean NOT NULL
);
CREATE INDEX persons_in_order ON registry.persons (created_index, id);

CREATE TABLE registry.keys (
  id               text COLLATE "C" PRIMARY KEY,        -- keyid
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
  person           text COLLATE "C",
  purpose          text NOT NULL,                       -- person | service | recovery
  service_types    jsonb NOT NULL,
  certificate      jsonb,
  phase            text NOT NULL,                       -- enrolled | usable | revoked
  usable_index     bigint,
  revoked_index    bigint,
  reason           text,
  compromised_from bigint
);
CREATE INDEX keys_in_order ON registry.keys (created_index, id);
CREATE INDEX keys_by_person ON registry.keys (person, created_index, id);

-- Instants stay as written; begins and ends repeat them for comparing. leaves: [[begins_at, ends_at or null], …].
CREATE TABLE registry.designations (
  id                text COLLATE "C" PRIMARY KEY,       -- hcd/obrero-2/4
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
  body              text COLLATE "C" NOT NULL,
  seat              text COLLATE "C" NOT NULL,
  number            int NOT NULL,
  person            text COLLATE "C" NOT NULL,
  capacity          text NOT NULL,
  begins_at         text NOT NULL,
  ends_at           text,
  begins            timestamptz NOT NULL,
  ends              timestamptz,
  leaves            jsonb NOT NULL,
  cause             text,
  instrument_sha256 text,
  source            jsonb
);
CREATE INDEX designations_in_order ON registry.designations (created_index, id);
CREATE INDEX designations_by_body ON registry.designations (body, created_index, id);
CREATE INDEX designations_by_person ON registry.designations (person, created_index, id);
