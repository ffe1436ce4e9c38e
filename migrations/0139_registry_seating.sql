-- How seats are filled: proposals, removals, notices of expiry, credentials. Instants stay as written.
SET LOCAL ROLE acervo_app;

CREATE TABLE registry.designation_proposals (
  id             text COLLATE "C" PRIMARY KEY,         -- hcd/obrero-2/1
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
  seat           text COLLATE "C" NOT NULL,
  proposal       int NOT NULL,
  organization   text COLLATE "C" NOT NULL,
  person         text COLLATE "C" NOT NULL,
  capacity       text NOT NULL,
  begins_at      text NOT NULL,
  ends_at        text,
  renews         int,
  phase          text COLLATE "C" NOT NULL,  -- proposed | validated | returned | approved
  grounds        jsonb,
  impediments    jsonb,
  settled_index  bigint,
  designation    int
);
CREATE INDEX designation_proposals_in_order ON registry.designation_proposals (created_index, id);
CREATE INDEX designation_proposals_by_body ON registry.designation_proposals (body, created_index, id);

CREATE TABLE registry.removal_hearings (
  id             text COLLATE "C" PRIMARY KEY,         -- hcd/obrero-2/4
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
  body            text COLLATE "C" NOT NULL,
  seat            text COLLATE "C" NOT NULL,
  designation     int NOT NULL,
  by_whom         text NOT NULL,  -- sector | cause
  organization    text COLLATE "C",
  phase           text COLLATE "C" NOT NULL,  -- requested | heard | removed | kept
  requested_index bigint NOT NULL,
  summoned_on     date,
  appeared        boolean,
  heard_index     bigint,
  vote            text COLLATE "C",
  decided_index   bigint
);
CREATE INDEX removal_hearings_in_order ON registry.removal_hearings (created_index, id);
CREATE INDEX removal_hearings_by_body ON registry.removal_hearings (body, created_index, id);

CREATE TABLE registry.expiry_notices (
  id             text COLLATE "C" PRIMARY KEY,         -- hcd/obrero-2/4
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
  seat           text COLLATE "C" NOT NULL,
  designation    int NOT NULL,
  organization   text COLLATE "C" NOT NULL,
  oficio         text NOT NULL,
  days_left      int NOT NULL,
  answer         text,
  answered_index bigint
);
CREATE INDEX expiry_notices_in_order ON registry.expiry_notices (created_index, id);
CREATE INDEX expiry_notices_by_body ON registry.expiry_notices (body, created_index, id);

CREATE TABLE registry.credentials (
  id             text COLLATE "C" PRIMARY KEY,         -- hcd/obrero-2/4/1
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
  body            text COLLATE "C" NOT NULL,
  seat            text COLLATE "C" NOT NULL,
  designation     int NOT NULL,
  credential      int NOT NULL,
  phase           text COLLATE "C" NOT NULL,  -- requested | validated | issued | revoked
  validated_index bigint,
  issued_at       text,
  issued_index    bigint,
  valid_to        text,
  valid_until     timestamptz,
  revoked_at      text,
  revoked_index   bigint,
  reason          text,
  replaced_by     int
);
CREATE INDEX credentials_in_order ON registry.credentials (created_index, id);
CREATE INDEX credentials_by_body ON registry.credentials (body, created_index, id);
